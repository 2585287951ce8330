"""What leads say of the e-mail that they were made from; their mail when they are converted and merged."""

from odoo.tests import tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestLeadEmails(MailboxCase):
    def make_lead_from(self, mailbox, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "Oferta",
                "email_from": "ana@cliente.example",
                "contact_name": "Ana",
                "user_id": self.owner.id,
            }
        )
        email = self.make_email(
            mailbox, lead_ids=lead.ids, addresses="ana@cliente.example team@nordica.example", **values
        )
        self.env["escala.lead.origin"]._record([(lead.id, email.id)])
        return lead, email

    def merge(self, sources, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge((sources | destination).ids, destination)

    # ------------------------------------------------------------
    # WHERE A LEAD COMES FROM
    # ------------------------------------------------------------

    def test_a_lead_shows_the_email_that_it_was_made_from(self):
        lead, email = self.make_lead_from(self.shared)
        shown = lead.with_user(self.owner)
        self.assertEqual(shown.origin_email_id, email)
        self.assertEqual(shown.origin_sender, "Ana <ana@cliente.example>")
        self.assertEqual(shown.origin_subject, "Oferta")
        self.assertIn("confidential", shown.origin_body)
        self.assertEqual(shown.origin_mailboxes, "team@nordica.example")
        self.assertEqual(shown.action_open_origin()["context"]["escala_open_id"], email.id)

    def test_to_nobody_who_may_not_read_it(self):
        lead, _email = self.make_lead_from(self.personal)
        lead.user_id = self.colleague
        self.env.invalidate_all()
        shown = lead.with_user(self.colleague)
        self.assertFalse(shown.sudo().origin_email_id)
        names = [
            "origin_email_id",
            "origin_sender",
            "origin_subject",
            "origin_body",
            "origin_mailboxes",
            "origin_date",
        ]
        (values,) = shown.read(names)
        self.assertFalse(any(values[name] for name in names), values)

    def test_a_colleague_reads_a_shared_one_and_learns_nothing_of_the_mailbox(self):
        lead, email = self.make_lead_from(self.shared)
        lead.user_id = self.colleague
        self.env.invalidate_all()
        shown = lead.with_user(self.colleague)
        self.assertEqual(shown.origin_email_id, email)
        self.assertFalse(shown.origin_mailboxes)

    # ------------------------------------------------------------
    # CONVERTED AND MERGED
    # ------------------------------------------------------------

    def test_the_contact_that_a_lead_is_converted_to_has_its_mail(self):
        lead, email = self.make_lead_from(self.shared)
        lead._handle_partner_assignment(create_missing=True)
        lead.convert_opportunity(lead.partner_id)
        self.assertEqual(lead.partner_id.name, "Ana")
        self.assertEqual(email.partner_ids, lead.partner_id)
        self.assertEqual(email.lead_ids, lead)

    def test_somebody_else_whom_it_is_put_on_does_not(self):
        lead, email = self.make_lead_from(self.shared)
        lead.partner_id = self.env["res.partner"].create({"name": "Otto", "email": "otto@cliente.example"})
        self.assertFalse(email.partner_ids)

    def test_leads_that_are_merged_keep_their_mail(self):
        first, email = self.make_lead_from(self.shared)
        second, other = self.make_lead_from(self.shared)
        merged = (first | second).merge_opportunity(user_id=self.owner.id)
        self.env.invalidate_all()
        self.assertEqual(self.env["escala.email"].search([("lead_ids", "in", merged.ids)]), other + email)
        self.assertEqual(merged.with_user(self.owner).email_count, 2)

    def test_contacts_that_are_merged_keep_their_mail_once(self):
        ana, twin = self.env["res.partner"].create(
            [
                {"name": "Ana", "email": "ana@cliente.example"},
                {"name": "Ana bis", "email": "ana@casa.example"},
            ]
        )
        of_twin = self.make_email(self.shared, partner_ids=twin.ids)
        of_both = self.make_email(self.shared, partner_ids=(ana + twin).ids)
        self.merge(twin, ana)
        self.env.invalidate_all()
        self.assertEqual((of_twin + of_both).partner_ids, ana)
        self.assertEqual(ana.with_user(self.owner).email_count, 2)
