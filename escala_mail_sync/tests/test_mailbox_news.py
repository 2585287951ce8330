"""Who is told that something has changed in a mailbox, and what they are told."""

import json

from odoo.tests import new_test_user, tagged

from ..models.escala_mailbox_news import NEWS
from .common import GROUP_USER, MailboxCase


@tagged("post_install", "-at_install")
class TestMailboxNews(MailboxCase):
    def setUp(self):
        super().setUp()
        self.commit()
        self.env["bus.bus"].search([]).unlink()

    def commit(self):
        """Do what is done when a transaction is committed, without committing it."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def get_told(self) -> list[tuple]:
        """Return whom was told what: logins and payloads, of the news alone."""
        self.commit()
        partners = {user.partner_id.id: user.login for user in self.env["res.users"].search([])}
        told = []
        for row in self.env["bus.bus"].search([]):
            message = json.loads(row.message)
            if message["type"] == NEWS:
                told.append((partners[json.loads(row.channel)[2]], message["payload"]))
        return sorted(told, key=str)

    def test_of_a_personal_mailbox_the_owner_learns_alone(self):
        self.make_email(self.personal)
        self.assertEqual(self.get_told(), [("owner", {"mailbox_id": self.personal.id})])

    def test_of_a_shared_mailbox_its_members_learn(self):
        self.shared.member_ids = self.owner | self.colleague
        self.make_email(self.shared)
        payload = {"mailbox_id": self.shared.id}
        self.assertEqual(self.get_told(), [("colleague", payload), ("owner", payload)])

    def test_of_a_mailbox_without_members_all_with_the_right_learn(self):
        new_test_user(self.env, "outsider", "base.group_user", lang="en_US")
        elsewhere = self.env["res.company"].create({"name": "Another"})
        new_test_user(
            self.env,
            "stranger",
            f"base.group_user,{GROUP_USER}",
            lang="en_US",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        self.shared.member_ids = False
        self.make_email(self.shared)
        told = {login for login, _payload in self.get_told()}
        self.assertLessEqual({"owner", "colleague", "manager"}, told)
        self.assertFalse({"outsider", "stranger"} & told)

    def test_those_who_are_told_are_those_who_have_the_mailbox_before_them(self):
        public = self.make_mailbox("all@nordica.example", kind="shared", member_ids=False, user_id=False)
        users = self.owner | self.colleague | self.manager
        for mailbox in self.personal | self.shared | public:
            having = users.filtered(
                lambda user, mailbox=mailbox: (
                    mailbox in self.env["escala.mailbox"].with_user(user)._find_for_workspace()
                )
            )
            self.assertEqual(mailbox._find_people() & users, having)

    def test_a_member_without_the_right_is_not_told(self):
        self.shared.member_ids = new_test_user(self.env, "outsider", "base.group_user", lang="en_US")
        self.make_email(self.shared)
        self.assertFalse(self.get_told())

    def test_many_messages_are_told_once(self):
        for _number in range(3):
            self.make_email(self.personal)
        self.assertEqual(len(self.get_told()), 1)

    def test_what_is_stored_message_by_message_is_told_once(self):
        mailbox = self.personal.with_context(news_at_commit=True)
        for _number in range(3):
            with self.env.cr.savepoint():
                self.make_email(mailbox)
        self.assertFalse(self.get_told())
        mailbox._tell_what_is_held_back()
        self.assertEqual(self.get_told(), [("owner", {"mailbox_id": self.personal.id})])
        mailbox._tell_what_is_held_back()
        self.assertEqual(len(self.get_told()), 1)

    def test_what_is_read_elsewhere_is_told(self):
        email = self.make_email(self.personal)
        self.get_told()
        self.env["bus.bus"].search([]).unlink()
        email.sudo().mailbox_message_ids.seen = True
        self.assertEqual([login for login, _payload in self.get_told()], ["owner"])

    def test_an_error_is_told(self):
        self.personal.error_code = "connection_lost"
        self.assertEqual([login for login, _payload in self.get_told()], ["owner"])

    def test_the_counter_counts_what_the_user_works_with(self):
        self.make_email(self.personal)
        self.make_email(self.shared)
        counts = {
            user.login: self.env["escala.mailbox"].with_user(user).get_unread_count()
            for user in self.owner | self.colleague | self.manager
        }
        self.assertEqual(counts, {"owner": 2, "colleague": 0, "manager": 0})
