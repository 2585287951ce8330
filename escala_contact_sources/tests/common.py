"""A source with a salesperson, and what a form sends to it."""

from unittest.mock import patch

from odoo.tests.common import new_test_user

from odoo.addons.escala_contact_rules.tests.english import EnglishMixin

REGISTERING = "odoo.addons.escala_contact_sources.models.contact_source_registering"
ANA = {"name": "Ana Ruiz", "email": "ana@vinedo.example", "phone": "+34 600 55 44 33"}


class SourceMixin(EnglishMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.startClassPatcher(patch(f"{REGISTERING}.PAUSE", 0))  # nobody else sends anything
        cls.seller = new_test_user(
            cls.env,
            "eva-sells",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
            lang="en_US",
        )
        cls.source = cls.env["contact.source"].create(
            {"name": "Spring fair", "user_id": cls.seller.id, "rate_limit": 0, "asks_consent": False}
        )

    def take_in(self, key=None, **fields):
        """Take in what a form with these fields sends."""
        payload = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
        return self.source._take_in(payload, "192.0.2.1", key)

    def register(self, **fields):
        """Take in and register; return the submission."""
        submission = self.take_in(**fields)
        self.run_job()
        return submission

    def run_job(self):
        """Register what waits."""
        with self.enter_registry_test_mode():
            for job in ("fetch", "register"):
                self.env.ref(f"escala_contact_sources.ir_cron_{job}").method_direct_trigger()

    def find(self, email):
        """Return the contacts with this main address."""
        return self.env["res.partner"].search([("email_normalized", "=", email)])
