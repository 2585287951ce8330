"""These tests need no Odoo, no database and no server."""

from tests.pure import bare_package

bare_package.enter("escala_mail_sync")
