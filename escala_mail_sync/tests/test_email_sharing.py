"""What people share and hide, who may, and what is said of it. For doors: tests/sync/access/test_who_sees_what.py."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MailboxCase


class SharingCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Cliente", "is_company": True})
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "parent_id": cls.company.id})
        cls.thread = cls.env["escala.email.thread"].create({})

    def make_email(self, mailbox, role="inbox", **values):
        return super().make_email(
            mailbox, role, **{"partner_ids": self.contact.ids, "thread_id": self.thread.id, **values}
        )

    def may_read(self, email, user=None):
        self.env.invalidate_all()
        return email.with_user(user or self.colleague).has_access("read")

    def words(self, email, user=None):
        self.env.invalidate_all()
        return email.with_user(user or self.owner).seen_by


@tagged("post_install", "-at_install")
class TestSharing(SharingCase):
    def test_share_a_message_and_take_it_back(self):
        email, other = self.make_email(self.personal), self.make_email(self.personal)
        email.with_user(self.owner).action_share()
        self.assertTrue(self.may_read(email))
        self.assertFalse(self.may_read(other))
        email.with_user(self.owner).action_stop_sharing()
        self.assertFalse(self.may_read(email))

    def test_share_a_conversation_with_what_is_still_to_come(self):
        email, other = self.make_email(self.personal), self.make_email(self.personal)
        email.with_user(self.owner).action_share_conversation()
        self.assertTrue(self.may_read(other))
        coming = self.make_email(self.personal)
        coming._share_with_conversation(self.personal)
        self.assertTrue(self.may_read(coming))
        other.with_user(self.owner).action_stop_sharing_conversation()
        for each in (email, other, coming):
            self.assertFalse(self.may_read(each))

    def test_a_conversation_is_shared_by_the_mailbox_that_shares_it_alone(self):
        others = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        email, of_other = self.make_email(self.personal), self.make_email(others)
        email.with_user(self.owner).action_share_conversation()
        reader = new_test_user(self.env, "reader", "base.group_user", lang="en_US")
        self.assertTrue(self.may_read(email, reader))
        self.assertFalse(self.may_read(of_other, reader))
        of_other._share_with_conversation(others)
        self.assertFalse(self.may_read(of_other, reader))

    def test_who_joins_a_shared_conversation_from_outside_is_not_shared(self):
        """Anybody can name the conversation in References."""
        email = self.make_email(self.personal, addresses="ana@cliente.example otto@cliente.example")
        email.with_user(self.owner).action_share_conversation()
        stranger = self.make_email(self.personal, sender_email="stranger@elsewhere.example")
        copied = self.make_email(
            self.personal, sender_email="otto@cliente.example", addresses="eva@cliente.example"
        )
        brought = self.make_email(
            self.personal, sender_email="eva@cliente.example", date="2026-10-02 10:00:00"
        )
        (stranger | brought | copied)._share_with_conversation(self.personal)
        self.assertTrue(self.may_read(copied))
        self.assertTrue(self.may_read(brought))
        self.assertFalse(self.may_read(stranger))
        stranger.with_user(self.owner).action_share()
        self.assertTrue(self.may_read(stranger))

    def test_a_shared_mailbox_without_links_shares_nothing_that_another_one_has_linked(self):
        email = self.make_email(self.personal)
        self.shared.link_to_crm = False
        self.add_copy(email, self.shared)
        reader = new_test_user(self.env, "reader", "base.group_user", lang="en_US")
        self.assertFalse(self.may_read(email, reader))
        self.assertEqual(self.words(email), "Only you")
        self.shared.member_ids |= self.colleague
        self.assertTrue(self.may_read(email))
        self.assertEqual(self.words(email, self.colleague), "You and the members of team@nordica.example")
        self.shared.link_to_crm = True
        self.assertTrue(self.may_read(email, reader))

    def test_it_is_for_the_owner_to_share(self):
        email = self.make_email(self.personal)
        email.with_user(self.owner).action_share()
        for action in (
            "action_share",
            "action_stop_sharing",
            "action_share_conversation",
            "action_hide_conversation",
        ):
            with self.assertRaises(AccessError):
                getattr(email.with_user(self.colleague), action)()
        with self.assertRaises(AccessError):
            email.with_user(self.owner).write({"shared_by_mailbox_ids": [Command.clear()]})
        with self.assertRaises(AccessError):
            email.with_user(self.owner).thread_id.write({"shared_by_mailbox_ids": [Command.clear()]})

    def test_nothing_linked_nothing_seen(self):
        email = self.make_email(self.personal, partner_ids=[])
        email.with_user(self.owner).action_share()
        self.assertFalse(self.may_read(email))

    def test_removed_from_the_mailbox_it_is_shared_no_more(self):
        email = self.make_email(self.personal)
        others = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        self.add_copy(email, others, "sent")
        email.with_user(self.owner).action_share()
        email.with_user(self.owner).action_remove()
        self.assertFalse(self.may_read(email, new_test_user(self.env, "reader", "base.group_user")))

    def test_a_private_mailbox_of_somebody_has_no_members(self):
        self.personal.write({"visibility": "shared", "member_ids": self.colleague.ids})
        with self.assertRaises(UserError):
            self.personal.visibility = "private"


@tagged("post_install", "-at_install")
class TestHiding(SharingCase):
    def test_one_hidden_contact_is_enough(self):
        other = self.env["res.partner"].create({"name": "Otto"})
        lead = self.env["crm.lead"].create({"name": "Obra", "user_id": self.colleague.id})
        email = self.make_email(self.shared, partner_ids=(self.contact | other).ids, lead_ids=lead.ids)
        self.assertTrue(self.may_read(email))
        for document in (self.contact, self.company, other, lead):
            document.with_user(self.manager).sudo().hide_emails = True
            with self.subTest(document.display_name):
                self.assertFalse(self.may_read(email))
                self.assertTrue(self.may_read(email, self.owner))
            document.hide_emails = False
        self.assertTrue(self.may_read(email))

    def test_members_hide_and_show_a_conversation(self):
        email, other = self.make_email(self.shared), self.make_email(self.shared)
        email.with_user(self.owner).action_hide_conversation()
        self.assertFalse(self.may_read(other))
        other.with_user(self.owner).action_show_conversation()
        self.assertTrue(self.may_read(email))

    def test_who_hides_a_conversation_alone_shows_it(self):
        """Also somebody whose own shared mailbox has joined the conversation, by naming it in References."""
        email = self.make_email(self.shared)
        theirs = self.make_mailbox("c@nordica.example", user_id=self.colleague.id, visibility="shared")
        joined = self.make_email(theirs)
        email.with_user(self.owner).action_hide_conversation()
        joined.with_user(self.colleague).action_show_conversation()
        self.assertFalse(self.may_read(email))

    def test_what_is_hidden_stays_hidden_when_conversations_merge(self):
        email = self.make_email(self.shared)
        email.with_user(self.owner).action_hide_conversation()
        other = self.env["escala.email.thread"].create({})
        self.thread._merge({self.thread.id: other.id})
        self.assertFalse(self.may_read(email))

    def test_what_comes_is_shared_after_merging_only_if_both_conversations_were(self):
        for is_first_shared in (True, False):
            first, second = self.env["escala.email.thread"].create([{}, {}])
            emails = [self.make_email(self.personal, thread_id=thread.id) for thread in (first, second)]
            shared, private = emails if is_first_shared else reversed(emails)
            shared.with_user(self.owner).action_share_conversation()
            first._merge({first.id: second.id})
            coming = self.make_email(self.personal, thread_id=second.id)
            coming._share_with_conversation(self.personal)
            with self.subTest(is_first_shared=is_first_shared):
                self.assertTrue(self.may_read(shared))
                self.assertFalse(self.may_read(private))
                self.assertFalse(self.may_read(coming))

    def test_what_is_hidden_stays_hidden_when_leads_merge(self):
        hidden, other = self.env["crm.lead"].create(
            [{"name": "Obra", "type": "opportunity", "hide_emails": hide} for hide in (True, False)]
        )
        email = self.make_email(self.shared, partner_ids=[], lead_ids=hidden.ids)
        merged = (other | hidden).merge_opportunity(user_id=self.colleague.id)
        self.assertIn(merged, email.lead_ids)
        self.assertFalse(self.may_read(email))

    def test_what_is_hidden_stays_hidden_when_contacts_merge(self):
        self.contact.hide_emails = True
        email = self.make_email(self.shared)
        kept = self.env["res.partner"].create({"name": "Ana"})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.contact | kept).ids, kept)
        self.assertEqual(email.partner_ids, kept)
        self.assertFalse(self.may_read(email))

    def test_a_contact_made_from_a_hidden_lead_is_hidden(self):
        lead = self.env["crm.lead"].create({"name": "Obra", "contact_name": "Eva", "hide_emails": True})
        self.assertTrue(lead._create_customer().hide_emails)


@tagged("post_install", "-at_install")
class TestWords(SharingCase):
    def test_who_sees_it(self):
        self.shared.write({"member_ids": [Command.link(self.manager.id)]})
        private, shared = self.make_email(self.personal), self.make_email(self.shared)
        self.assertEqual(self.words(private), "Only you")
        name = self.contact.display_name
        self.assertEqual(self.words(shared), f"Everybody who may see {name}")
        self.contact.hide_emails = True
        self.assertEqual(
            self.words(shared),
            f"You and the members of team@nordica.example · The e-mails of {name} are hidden from everybody else.",
        )
        self.contact.hide_emails = False
        private.with_user(self.owner).action_share()
        self.assertEqual(self.words(private), f"Everybody who may see {name}")
        self.assertEqual(self.words(private, self.colleague), f"Everybody who may see {name}")

    def test_what_can_be_switched(self):
        private, shared = self.make_email(self.personal), self.make_email(self.shared)
        for email, user, expected in (
            (private, self.owner, (True, False)),
            (shared, self.owner, (False, True)),
            (shared, self.colleague, (False, False)),
        ):
            mine = email.with_user(user)
            self.assertEqual((mine.can_share, mine.can_hide), expected)

    def test_a_private_copy_of_somebody_else_is_not_told_of(self):
        email = self.make_email(self.personal)
        others = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        self.add_copy(email, others, "sent")
        self.assertEqual(self.words(email), "Only you")

    def test_shared_is_a_filter(self):
        private, shared = self.make_email(self.personal), self.make_email(self.shared)
        emails = self.env["escala.email"].with_user(self.owner)
        ids = (private | shared).ids
        self.assertEqual(emails.search([("is_shared", "=", True), ("id", "in", ids)]), shared)
        self.assertEqual(emails.search([("is_shared", "=", False), ("id", "in", ids)]), private)
        self.assertEqual(emails.search([("is_shared", "!=", False), ("id", "in", ids)]), shared)


@tagged("post_install", "-at_install")
class TestWordsOfActivities(SharingCase):
    def summary(self, email):
        return self.env["mail.activity"].search([("escala_email_id", "=", email.id)]).summary

    def tells_others(self, email):
        """Tell whether somebody who sees the contact reads what the e-mail is about."""
        others = self.env["mail.activity"].with_user(self.colleague)
        others = others.search([("res_model", "=", "res.partner"), ("res_id", "=", self.contact.id)])
        return "Oferta secreta" in others.mapped("summary")

    def test_they_follow_every_switch(self):
        self.contact.user_id = self.owner
        email = self.make_email(self.shared, subject="Oferta secreta")
        email._handle_received(self.shared)
        mine, told = email.with_user(self.owner), "Oferta secreta"
        self.assertEqual(self.summary(email), told)
        for hide, show in (
            (
                lambda: self.contact.write({"hide_emails": True}),
                lambda: self.contact.write({"hide_emails": False}),
            ),
            (
                lambda: self.company.write({"hide_emails": True}),
                lambda: self.company.write({"hide_emails": False}),
            ),
            (mine.action_hide_conversation, mine.action_show_conversation),
            (
                lambda: self.shared.write({"visibility": "private"}),
                lambda: self.shared.write({"visibility": "shared"}),
            ),
            (
                lambda: self.shared.write({"link_to_crm": False}),
                lambda: self.shared.write({"link_to_crm": True}),
            ),
        ):
            hide()
            self.assertFalse(self.tells_others(email))
            show()
            self.assertEqual(self.summary(email), told)
            self.assertTrue(self.tells_others(email))

    def test_they_follow_what_is_shared_on_purpose(self):
        email = self.make_email(self.personal, subject="Oferta secreta")
        email._handle_received(self.personal)
        mine = email.with_user(self.owner)
        self.assertFalse(self.tells_others(email))
        for share, stop in (
            (mine.action_share, mine.action_stop_sharing),
            (mine.action_share_conversation, mine.action_stop_sharing_conversation),
        ):
            share()
            self.assertEqual(self.summary(email), "Oferta secreta")
            self.assertTrue(self.tells_others(email))
            stop()
            self.assertFalse(self.tells_others(email))

    def test_nothing_is_quoted_in_the_chatter(self):
        """There it would stay when the e-mail is hidden."""
        self.contact.user_id = self.owner
        for finish in ("action_feedback", "_complete_answers"):
            email = self.make_email(self.shared, subject="Oferta secreta", snippet="muy secreta")
            email._handle_received(self.shared)
            getattr(self.env["mail.activity"].search([("escala_email_id", "=", email.id)]), finish)()
            with self.subTest(finish):
                self.assertNotIn("secreta", str(self.contact.message_ids.mapped("body")))
                self.assertIn("Open e-mail", self.contact.message_ids[0].body)
