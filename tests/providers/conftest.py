"""Finding servers, with a real DNS server and real mail servers, without Odoo."""

from tests.pure import bare_package

bare_package.enter("escala_mail_sync")
