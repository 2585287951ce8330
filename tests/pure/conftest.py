"""These tests need no Odoo, no database and no server."""

from tests.pure import bare_package

for addon in ("escala_client_portal", "escala_contact_rules", "escala_contact_sources", "escala_mail_sync"):
    bare_package.enter(addon)
