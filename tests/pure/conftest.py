"""These tests need no Odoo, no database and no server."""

from tests.pure import bare_package

for addon in ("escala_contact_rules", "escala_mail_sync", "escala_contact_sources"):
    bare_package.enter(addon)
