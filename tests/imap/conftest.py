"""The mail code against a real IMAP server (fixture ``dovecot``), without Odoo."""

from tests.pure import bare_package

bare_package.enter("escala_mail_sync")
