"""Files of vCards, and what becomes of them: what the tests of the preview and of the import share."""

import base64

from odoo.tests.common import new_test_user

PHOTO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def card(*lines, version="3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def file(*cards, name="contacts.vcf") -> dict:
    """Return a file with these cards as the web client sends it."""
    content = b"".join(each if isinstance(each, bytes) else each.encode() for each in cards)
    return {"name": name, "content": base64.b64encode(content).decode()}


class VcardImportMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.spain = cls.env.ref("base.es")
        cls.env.company.country_id = cls.spain
        cls.user = new_test_user(
            cls.env, "vera-cards", groups="base.group_user,base.group_partner_manager", lang="en_US"
        )
        cls.reader = new_test_user(cls.env, "rita-reads", groups="base.group_user", lang="en_US")
        cls.partners = cls.env["res.partner"]

    def preview(self, *files, user=None):
        """Drop files on the list of contacts and return the preview."""
        imports = self.env["contact.vcard.import"].with_user(user or self.user)
        action = imports.action_preview([*files])
        return imports.browse(action["res_id"])

    def run_import(self, *files):
        """Drop files, press *Import*, and return what the web client gets."""
        action = self.preview(*files).action_import()
        self.env.flush_all()
        return action

    def find(self, name):
        return self.partners.search([("name", "=", name)])
