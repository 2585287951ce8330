"""What the workspace shows: folders, pages of conversations, one conversation."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MailboxCase


class WorkspaceCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})

    def make_thread(self):
        return self.env["escala.email.thread"].create({})

    def rows(self, user=None, **arguments):
        emails = self.env["escala.email"].with_user(user or self.owner)
        return emails.search_threads(**{"domain": [], **arguments})

    def ids(self, user=None, **arguments):
        return [row["id"] for row in self.rows(user, **arguments)["threads"]]


@tagged("post_install", "-at_install")
class TestEmailWorkspace(WorkspaceCase):
    def test_a_conversation_is_one_row_by_its_newest_email(self):
        thread = self.make_thread()
        first = self.make_email(self.personal, thread_id=thread.id, date="2026-10-01 10:00:00")
        other = self.make_email(self.personal, date="2026-10-02 10:00:00")
        last = self.make_email(
            self.personal,
            "sent",
            thread_id=thread.id,
            date="2026-10-03 10:00:00",
            direction="out",
            sender="owner@nordica.example",
            sender_email="owner@nordica.example",
            attachment_count=1,
        )
        self.env["escala.mailbox.message"].search([("email_id", "=", other.id)]).seen = True
        rows = self.rows()["threads"]
        self.assertEqual([row["id"] for row in rows], [last.id, other.id])
        self.assertEqual(rows[0]["count"], 2)
        self.assertEqual(rows[0]["names"], ["Ana", "Me"])
        self.assertEqual(rows[0]["face"], self.contact.id, "the face of whom it is with")
        self.assertTrue(rows[0]["has_attachments"])
        self.assertEqual([row["unread"] for row in rows], [2, 0])
        self.assertEqual(self.ids(folder="inbox"), [other.id, first.id])
        self.assertEqual(self.ids(folder="sent"), [last.id])

    def test_what_was_sent_has_the_face_of_whom_it_was_sent_to(self):
        own = {"sender": "owner@nordica.example", "sender_email": "owner@nordica.example", "direction": "out"}
        self.make_email(
            self.personal, "sent", recipients="Ana Gil <Ana@cliente.example>, otto@x.example", **own
        )
        [row] = self.rows(folder="sent")["threads"]
        self.assertEqual((row["face_name"], row["face"]), ("Ana Gil", self.contact.id))

    def test_nobody_passes_for_somebody_else_by_a_name(self):
        thief = "thief@evil.example"
        email = self.make_email(self.personal, sender=f"ana@cliente.example <{thief}>", sender_email=thief)
        email = email.with_user(self.owner)
        [row] = self.rows()["threads"]
        self.assertEqual((row["names"], row["face_name"], row["face"]), ([thief], thief, False))
        [shown] = email.read_conversation()["emails"]
        self.assertEqual((shown["sender_name"], shown["sender_email"]), (thief, thief))
        self.assertEqual(email.correspondent, thief)
        self.assertEqual(email.prepare_new_record("res.partner")["default_name"], thief)

    def test_nobody_passes_for_somebody_else_in_the_answer(self):
        thief = "thief@evil.example"
        email = self.make_email(
            self.personal, sender=f"Boss <ana@cliente.example> <{thief}>", sender_email=thief
        )
        email.mail_message_id.reply_to = f'"Boss <ana@cliente.example>" <{thief}>'
        email = email.with_user(self.owner)
        answer = self.env["escala.email.outgoing"].browse(email.action_reply()["res_id"])
        self.assertEqual(answer.to, thief)
        new = email.prepare_new_record("res.partner")
        self.assertEqual((new["default_name"], new["default_email"]), (thief, thief))

    def test_nobody_passes_for_somebody_else_to_whom_it_was_sent(self):
        thief = "thief@evil.example"
        own = {"sender": "owner@nordica.example", "sender_email": "owner@nordica.example", "direction": "out"}
        email = self.make_email(
            self.personal,
            "sent",
            recipients=f"ana@cliente.example <{thief}>, Pérez, Juan <juan@z.example>",
            **own,
        ).with_user(self.owner)
        self.assertEqual(email.correspondent, f"To: {thief}, Pérez, Juan")
        [row] = self.rows(folder="sent")["threads"]
        self.assertEqual((row["face_name"], row["face"]), (thief, False))
        self.assertEqual(email.prepare_new_record("res.partner")["default_email"], thief)
        answer = self.env["escala.email.outgoing"].browse(email.action_reply()["res_id"])
        self.assertEqual(answer.to, f"{thief}, juan@z.example")

    def test_contacts_are_named_without_their_company(self):
        company = self.env["res.partner"].create({"name": "Bodegas", "is_company": True})
        self.contact.parent_id = company
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.assertEqual(self.rows()["threads"][0]["partners"], [{"id": self.contact.id, "name": "Ana"}])
        conversation = email.with_user(self.owner).read_conversation()
        self.assertEqual([partner["name"] for partner in conversation["partners"]], ["Ana"])

    def test_pages_go_on_where_the_last_one_ended(self):
        emails = [
            self.make_email(
                self.personal, thread_id=self.make_thread().id, date=f"2026-10-01 10:0{number // 3}:00"
            )
            for number in range(7)
        ]
        expected = [email.id for email in sorted(emails, key=lambda each: (each.date, each.id), reverse=True)]
        found, before = [], None
        while before is not False:
            page = self.rows(limit=2, before=before)
            found += [row["id"] for row in page["threads"]]
            before = page["before"]
        self.assertEqual(found, expected)

    def test_a_long_conversation_hides_none_behind_it(self):
        thread = self.make_thread()
        for number in range(9):
            self.make_email(self.personal, thread_id=thread.id, date=f"2026-10-02 10:0{number}:00")
        behind = self.make_email(self.personal, date="2026-10-01 10:00:00")
        self.assertIn(behind.id, self.ids(limit=2))

    def test_what_others_have_is_not_there(self):
        self.make_email(self.personal, partner_ids=self.contact.ids)
        self.assertFalse(self.ids(self.colleague))
        with self.assertRaises(AccessError):
            self.rows(self.colleague, mailbox_id=self.personal.id)

    def test_of_a_conversation_one_sees_what_one_may_read(self):
        thread = self.make_thread()
        mine = self.make_email(
            self.shared, thread_id=thread.id, partner_ids=self.contact.ids, subject="Visible"
        )
        self.make_email(self.personal, thread_id=thread.id, subject="Secreta", snippet="secreta")
        [row] = self.rows(self.colleague)["threads"]
        self.assertEqual((row["id"], row["count"]), (mine.id, 1))
        conversation = mine.with_user(self.colleague).read_conversation()
        self.assertEqual([email["id"] for email in conversation["emails"]], [mine.id])
        self.assertNotIn("ecreta", str(conversation))

    def test_one_mailbox_at_a_time(self):
        private = self.make_email(self.personal)
        shared = self.make_email(self.shared)
        self.assertEqual(self.ids(mailbox_id=self.personal.id, folder="inbox"), [private.id])
        self.assertEqual(self.ids(mailbox_id=self.shared.id, folder="inbox"), [shared.id])
        self.assertEqual(self.ids(mailbox_id=self.shared.id), [shared.id])

    def test_the_inbox_has_what_has_come_in_and_is_not_put_away(self):
        self.make_email(self.personal, "archive")
        self.make_email(self.personal, "junk")
        gone = self.make_email(self.personal)
        self.env["escala.mailbox.message"].search([("email_id", "=", gone.id)]).gone = True
        inbox = self.make_email(self.personal)
        self.assertEqual(self.ids(folder="inbox"), [inbox.id])

    def test_to_answer_is_what_the_user_is_asked_for(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.make_email(self.shared)
        self.contact.user_id = self.owner
        email._ask_for_answers(self.shared)
        self.assertEqual(self.ids(folder="to_answer"), [email.id])
        self.assertFalse(self.ids(self.colleague, folder="to_answer"))

    def test_counts_are_of_what_is_unread(self):
        self.make_email(self.personal)
        read = self.make_email(self.shared)
        self.env["escala.mailbox.message"].search([("email_id", "=", read.id)]).seen = True
        workspace = self.env["escala.mailbox"].with_user(self.owner).get_workspace()
        unread = {mailbox["id"]: mailbox["unread"] for mailbox in workspace["mailboxes"]}
        self.assertEqual(unread, {self.personal.id: 1, self.shared.id: 0})
        self.assertEqual(workspace["counts"]["inbox"], 1)
        self.assertNotIn("quarantine", workspace["counts"])

    def test_with_a_mailbox_chosen_counts_are_of_it(self):
        self.make_email(self.personal)
        self.contact.user_id = self.owner
        self.make_email(self.shared, partner_ids=self.contact.ids)._ask_for_answers(self.shared)
        self.personal.write({"state": "connected", "smtp_host": "smtp.nordica.example"})
        drafts = self.env["escala.email.outgoing"].with_user(self.owner)
        drafts.create([{"mailbox_id": self.personal.id, "subject": subject} for subject in ("a", "b")])
        mailboxes = self.env["escala.mailbox"].with_user(self.owner)
        every, personal, team = (
            mailboxes.get_workspace(mailbox_id) for mailbox_id in (None, self.personal.id, self.shared.id)
        )
        self.assertEqual([each["unread"] for each in (every, personal, team)], [2, 2, 2])
        for folder, numbers in {"inbox": [2, 1, 1], "to_answer": [1, 0, 1], "drafts": [2, 2, 0]}.items():
            with self.subTest(folder):
                self.assertEqual([each["counts"][folder] for each in (every, personal, team)], numbers)

    def test_who_writes_no_emails_can_open_it(self):
        employee = new_test_user(self.env, "employee", "base.group_user", lang="en_US")
        mailboxes = self.env["escala.mailbox"].with_user(employee)
        self.assertEqual(mailboxes.get_workspace()["counts"], {"inbox": 0, "to_answer": 0})
        self.assertEqual(mailboxes.get_account_banner(), {})
        self.assertEqual(self.rows(employee)["threads"], [])

    def test_of_others_not_even_the_number_is_known(self):
        self.make_email(self.personal)
        workspace = self.env["escala.mailbox"].with_user(self.colleague).get_workspace()
        self.assertFalse(workspace["mailboxes"])
        self.assertFalse(any(workspace["counts"].values()))

    def test_whoever_may_not_write_gets_the_workspace_without_it(self):
        reader = new_test_user(self.env, "reader", "base.group_user", lang="en_US")
        workspace = self.env["escala.mailbox"].with_user(reader).get_workspace()
        self.assertFalse(workspace["can_write"])
        self.assertEqual(workspace["counts"], {"inbox": 0, "to_answer": 0})
        self.assertTrue(self.env["escala.mailbox"].with_user(self.owner).get_workspace()["can_write"])

    def test_an_email_in_two_inboxes_is_counted_in_each_and_once_in_all(self):
        email = self.make_email(self.personal)
        self.add_copy(email, self.shared)
        workspace = self.env["escala.mailbox"].with_user(self.owner).get_workspace()
        self.assertEqual([mailbox["unread"] for mailbox in workspace["mailboxes"]], [1, 1])
        self.assertEqual(workspace["counts"]["inbox"], 1)

    def test_an_unread_copy_elsewhere_is_not_unread_in_the_inbox(self):
        email = self.make_email(self.personal)
        email.mailbox_message_ids.seen = True
        self.add_copy(email, self.personal, "junk")
        mailboxes = self.env["escala.mailbox"].with_user(self.owner)
        self.assertEqual(mailboxes.get_workspace()["counts"]["inbox"], 0)
        self.assertEqual(mailboxes.get_unread_count(), 0)

    def test_all_mail_is_the_inbox_where_nothing_else_is_synchronised(self):
        email = self.make_email(self.personal, "all")
        self.assertEqual(self.ids(folder="inbox"), [email.id])
        inbox = self.make_email(self.personal)
        self.assertEqual(self.ids(folder="inbox"), [inbox.id])

    def test_a_page_is_as_long_as_is_read_in_no_time(self):
        for _number in range(3):
            self.make_email(self.personal, thread_id=self.make_thread().id)
        for limit in (0, -5):
            self.assertEqual(len(self.ids(limit=limit)), 1)
        self.assertEqual(len(self.ids(limit=10**9)), 3)

    def test_more_rows_cost_no_more_queries(self):
        def make_row(number):
            contact = self.contact.copy({"email": f"ana{number}@cliente.example"})
            lead = self.env["crm.lead"].create({"name": "Tejas", "user_id": self.owner.id})
            self.make_email(
                self.personal,
                thread_id=self.make_thread().id,
                partner_ids=contact.ids,
                lead_ids=lead.ids,
                sender_email=contact.email,
            )

        def count_queries():
            self.rows()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows()
            return self.env.cr.sql_log_count - before

        make_row(0)
        one = count_queries()
        for number in range(1, 30):
            make_row(number)
        self.assertLessEqual(count_queries(), one)

    def test_more_emails_cost_no_more_queries(self):
        thread = self.make_thread()

        def make_email():
            return self.make_email(self.personal, thread_id=thread.id, partner_ids=self.contact.ids)

        def count_queries(email):
            email.with_user(self.owner).read_conversation()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            email.with_user(self.owner).read_conversation()
            return self.env.cr.sql_log_count - before

        email, _second = make_email(), make_email()
        few = count_queries(email)
        for _number in range(20):
            make_email()
        self.assertLessEqual(count_queries(email), few)

    def test_opening_costs_few_queries(self):
        thread = self.make_thread()
        for mailbox in (self.personal, self.shared):
            email = self.make_email(mailbox, thread_id=thread.id, partner_ids=self.contact.ids)
        email.with_user(self.owner).read_conversation()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        email.with_user(self.owner).read_conversation()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 42)

    def test_whose_mailboxes_they_are_is_noticed_at_once(self):
        email = self.make_email(self.personal)
        colleague = email.with_user(self.colleague)
        self.assertFalse(colleague.has_access("read"))
        self.assertFalse(self.ids(self.colleague))
        self.personal.write({"visibility": "shared", "member_ids": [Command.link(self.colleague.id)]})
        self.assertTrue(colleague.has_access("read"))
        self.assertEqual(self.ids(self.colleague), email.ids)
        self.personal.member_ids = [Command.unlink(self.colleague.id)]
        self.assertFalse(colleague.has_access("read"))
        self.assertFalse(self.ids(self.colleague))

    def test_a_mailbox_whose_members_have_left_is_not_everybodys(self):
        self.shared.member_ids = self.owner
        self.owner.active = False
        self.assertNotIn(self.shared, self.shared.with_user(self.colleague)._find_for_workspace())

    def test_the_newest_email_and_what_is_unread_are_unfolded(self):
        thread = self.make_thread()
        emails = [
            self.make_email(self.personal, thread_id=thread.id, date=f"2026-10-02 10:0{number}:00")
            for number in range(9)
        ]
        for email in (emails[2], emails[8]):
            email.mailbox_message_ids.seen = True
        conversation = emails[0].with_user(self.owner).read_conversation()
        expected = [emails[number].id for number in (3, 4, 5, 6, 7, 8)]
        self.assertEqual(conversation["unfolded"], expected)
        self.assertEqual([*conversation["bodies"]], expected)
        self.assertIn("confidential", conversation["bodies"][emails[8].id]["html"])

    def test_a_contact_is_shown_though_its_company_may_not_be(self):
        company = self.env["res.partner"].create({"name": "Secreta", "is_company": True})
        self.contact.parent_id = company
        rule = self.env["ir.rule"].create(
            {
                "name": "not the company",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {company.id})]",
            }
        )
        self.assertTrue(rule)
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        customer = email.with_user(self.owner).read_conversation()["customer"]
        self.assertEqual((customer["id"], customer["company"]), (self.contact.id, ""))

    def test_what_is_unread_elsewhere_is_read_in_the_inbox(self):
        email = self.make_email(self.personal)
        email.mailbox_message_ids.seen = True
        self.add_copy(email, self.shared, "archive")
        unread = [("is_unread", "=", True)]
        self.assertEqual(self.ids(domain=unread, folder="all"), email.ids)
        self.assertFalse(self.ids(domain=unread, folder="inbox"))
        self.assertEqual(self.ids(domain=[("is_unread", "=", False)], folder="inbox"), email.ids)

    def test_ones_own_drafts_are_in_the_conversation_that_they_answer(self):
        thread = self.make_thread()
        email = self.make_email(self.shared, thread_id=thread.id, partner_ids=self.contact.ids)
        later = self.make_email(self.shared, thread_id=thread.id, partner_ids=self.contact.ids)
        action = email.with_user(self.owner).action_reply()
        draft = self.env["escala.email.outgoing"].with_user(self.owner).browse(action["res_id"])
        draft.body = "<p>So far so good</p>"
        [row] = later.with_user(self.owner).read_conversation()["drafts"]
        self.assertEqual((row["id"], row["snippet"]), (draft.id, "So far so good"))
        self.assertFalse(later.with_user(self.colleague).read_conversation()["drafts"])
        draft.sudo().state = "sent"
        self.assertFalse(later.with_user(self.owner).read_conversation()["drafts"])

    def test_the_customer_stands_beside_the_conversation(self):
        lead = self.env["crm.lead"].create(
            {"name": "Tejas", "partner_id": self.contact.id, "type": "opportunity", "user_id": self.owner.id}
        )
        email = self.make_email(self.personal, partner_ids=self.contact.ids, lead_ids=[Command.link(lead.id)])
        conversation = email.with_user(self.owner).read_conversation()
        self.assertEqual(conversation["customer"]["id"], self.contact.id)
        self.assertEqual([each["id"] for each in conversation["customer"]["leads"]], [lead.id])
        self.assertEqual([each["id"] for each in conversation["leads"]], [lead.id])
        self.assertEqual(conversation["emails"][0]["face"], self.contact.id)

    def test_bodies_are_for_those_who_may_read_them(self):
        email = self.make_email(self.personal)
        self.assertIn("confidential", email.with_user(self.owner).read_bodies()[email.id]["html"])
        with self.assertRaises(AccessError):
            email.with_user(self.colleague).read_bodies()
