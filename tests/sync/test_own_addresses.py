"""Addresses of the people of a mailbox, and Odoo's own: what they send is nobody's lead."""

import pytest

from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, demo_contact, ledger, sync


class TestSent:
    """What lies in the folder of sent mail was sent by the people of the mailbox, from whichever address."""

    def test_mail_from_another_address_of_the_user_is_their_own(self, env, mailbox, dovecot, login):
        mailbox.create_leads = True
        raw = compose("laura@one-of-several.example", To="ana@llamazares.example, new@stranger.example")
        deliver(dovecot, login, [raw], "Sent")
        sync(mailbox)
        email = ledger(mailbox).email_id
        assert email.direction == "out"
        assert email.partner_ids == demo_contact(env, "ana")
        assert not env["crm.lead"].search([("email_normalized", "=", "laura@one-of-several.example")])

    def test_mail_of_a_customer_that_somebody_keeps_there_is_received(self, env, mailbox, dovecot, login):
        deliver(dovecot, login, [compose("ana@llamazares.example", To=login)], "Sent")
        sync(mailbox)
        email = ledger(mailbox).email_id
        assert (email.direction, email.partner_ids) == ("in", demo_contact(env, "ana"))

    def test_mail_of_a_colleague_in_a_shared_mailbox_is_brought_in(self, env, dovecot, login):
        shared = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
        colleague = env.ref("escala_mail_sync.user_marcos").email
        deliver(dovecot, login, [compose(colleague, To="ana@llamazares.example")], "Sent")
        deliver(dovecot, login, [compose(colleague, To=f"{login}, ana@llamazares.example")])
        sync(shared)
        assert ledger(shared).folder_id.role == "sent"
        assert ledger(shared).email_id.direction == "out"


class TestOdooItself:
    """Odoo's own addresses are nobody's: neither what it writes nor what is copied to it makes leads."""

    @pytest.fixture(autouse=True)
    def domain(self, env, login):
        domain = env["mail.alias.domain"].create({"name": f"odoo-{login.replace('@', '.')}"})
        env.company.alias_domain_id = domain
        return domain

    def test_notification_of_odoo_makes_no_lead(self, env, mailbox, dovecot, login, domain):
        mailbox.create_leads = True
        deliver(
            dovecot, login, [compose(f"Ana <{domain.default_from_email}>", Reply_To=domain.catchall_email)]
        )
        report = next(report for report in sync(mailbox) if report.folder == "INBOX")
        assert +report.ignored == {"colleagues": 1}
        assert not env["crm.lead"].search([("email_normalized", "=", domain.default_from_email)])

    def test_mail_of_the_own_company_is_of_no_customer(self, env, mailbox, dovecot, login):
        """As its digests; neither is what customers write to it."""
        env.company.email = "Office <office@nordica.example>"
        deliver(
            dovecot,
            login,
            [
                compose("office@nordica.example", "digest", To=login),
                compose("ana@llamazares.example", "order", To=f"office@nordica.example, {login}"),
            ],
        )
        sync(mailbox)
        email = ledger(mailbox).email_id
        assert (email.subject, email.partner_ids) == ("order", demo_contact(env, "ana"))

    def test_form_that_a_website_sends_from_there_is_of_whom_it_names(
        self, env, mailbox, dovecot, login, domain
    ):
        mailbox.create_leads = True
        raw = compose(domain.default_from_email, To=login, Reply_To="ana@llamazares.example")
        deliver(dovecot, login, [raw])
        sync(mailbox)
        email = ledger(mailbox).email_id
        assert email.partner_ids == demo_contact(env, "ana")
        assert not email.lead_ids

    def test_alias_among_the_recipients_makes_no_lead(self, env, mailbox, dovecot, login, domain):
        mailbox.create_leads = True
        env["mail.alias"].create(
            {
                "alias_name": "pedidos",
                "alias_model_id": env["ir.model"]._get_id("crm.lead"),
                "alias_domain_id": domain.id,
            }
        )
        raw = compose(login, To="new@stranger.example", Cc=f"pedidos@{domain.name}, pedidos@stranger.example")
        deliver(dovecot, login, [raw], "Sent")
        sync(mailbox)
        leads = ledger(mailbox).email_id.lead_ids.mapped("email_normalized")
        assert sorted(leads) == ["new@stranger.example", "pedidos@stranger.example"]
