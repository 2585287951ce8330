"""What the bar over the list does to many conversations, and what it reports."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_email_workspace import WorkspaceCase


class BulkCase(WorkspaceCase):
    def take_back(self, report, user=None):
        undo = report["undo"]
        records = self.env[undo["model"]].with_user(user or self.owner).browse(undo["ids"])
        getattr(records, undo["method"])(*undo["args"])


@tagged("post_install", "-at_install")
class TestMarkingInBulk(BulkCase):
    def test_whole_conversations_are_marked_as_read_and_back(self):
        thread = self.make_thread()
        first = self.make_email(self.personal, thread_id=thread.id, date="2026-10-01 10:00:00")
        last = self.make_email(self.personal, thread_id=thread.id, date="2026-10-02 10:00:00")
        rows = last.with_user(self.owner)
        report = rows.bulk_mark_read()
        self.assertFalse(((first | last).with_user(self.owner))._find_unread())
        self.assertEqual(report["message"], "Marked as read: 1.")
        self.take_back(report)
        self.assertEqual((first | last).with_user(self.owner)._find_unread(), last | first)

    def test_what_was_read_elsewhere_stays_read_when_it_is_taken_back(self):
        email = self.make_email(self.personal)
        other = self.add_copy(email, self.shared, "archive", seen=True)
        self.take_back(email.with_user(self.owner).bulk_mark_read())
        self.assertTrue(other.seen)
        self.assertTrue(email.with_user(self.owner)._find_unread())

    def test_what_was_unread_before_stays_unread_when_it_is_taken_back(self):
        email = self.make_email(self.personal)
        other = self.add_copy(email, self.shared, "archive", seen=True)
        report = email.with_user(self.owner).bulk_mark_unread()
        self.assertFalse(report["undo"])
        self.assertTrue(other.seen)
        email.sudo().mailbox_message_ids.seen = True
        self.take_back(email.with_user(self.owner).bulk_mark_unread())
        self.assertFalse(email.with_user(self.owner)._find_unread())

    def test_nobody_takes_back_anything_in_mailboxes_of_others(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        copy = email.mailbox_message_ids
        for user in (self.colleague, self.manager):
            copy.with_user(user).undo_mark_unread()
            self.assertFalse(copy.pending_seen)
        copy.seen = True
        for user in (self.colleague, self.manager):
            copy.with_user(user).undo_mark_read()
            self.assertTrue(copy.seen)

    def test_those_elsewhere_are_counted(self):
        mine = self.make_email(self.personal)
        theirs = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.shared.member_ids = self.colleague
        report = (mine | theirs).with_user(self.owner).bulk_mark_read()
        self.assertEqual(report["message"], "Marked as read: 1. Not in your mailboxes: 1.")
        self.assertTrue(theirs.with_user(self.colleague)._find_unread())

    def test_the_latest_that_came_in_becomes_unread(self):
        thread = self.make_thread()
        first = self.make_email(self.personal, thread_id=thread.id, date="2026-10-01 10:00:00")
        last = self.make_email(self.personal, thread_id=thread.id, date="2026-10-02 10:00:00")
        (first | last).sudo().mailbox_message_ids.seen = True
        last.with_user(self.owner).bulk_mark_unread()
        self.assertEqual((first | last).with_user(self.owner)._find_unread().ids, last.ids)

    def test_conversations_are_assigned(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        report = email.with_user(self.owner).bulk_assign(self.colleague.id)
        self.assertEqual(report["message"], f"Assigned to {self.colleague.display_name}: 1.")
        self.assertEqual(self.ids(self.colleague, folder="to_answer"), email.ids)
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.take_back(report, user)
        self.take_back(report)
        self.assertFalse(email._get_open_answers(), "nobody was asked before")

    def test_all_that_somebody_is_asked_for_in_a_conversation_is_passed_on(self):
        thread = self.make_thread()
        self.contact.user_id = self.owner
        first, second = (
            self.make_email(
                self.shared,
                thread_id=thread.id,
                partner_ids=self.contact.ids,
                date=f"2026-10-0{day} 10:00:00",
            )
            for day in (1, 2)
        )
        (first | second)._ask_for_answers(self.shared)
        self.assertIn(self.colleague.id, [each["id"] for each in self.as_owner(second).get_bulk_assignees()])
        self.as_owner(second).bulk_assign(self.colleague.id)
        self.assertFalse((first | second).with_user(self.owner)._filter_to_be_answered())
        self.assertEqual((first | second).with_user(self.colleague)._filter_to_be_answered(), first | second)

    def test_who_was_asked_before_is_asked_again(self):
        self.contact.user_id = self.owner
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        email._ask_for_answers(self.shared)
        activity = email._get_open_answers()
        report = self.as_owner(email).bulk_assign(self.colleague.id)
        self.take_back(report)
        self.assertEqual((activity.user_id, activity.res_id), (self.owner, self.contact.id))
        report = self.as_owner(email).bulk_assign(self.colleague.id)
        activity.user_id = self.manager
        self.take_back(report)
        self.assertEqual(activity.user_id, self.manager, "passed on since by somebody else")

    def test_what_came_in_is_to_be_answered_and_not_what_was_sent(self):
        thread = self.make_thread()
        received = self.make_email(self.shared, thread_id=thread.id, partner_ids=self.contact.ids)
        sent = self.make_email(
            self.shared,
            "sent",
            thread_id=thread.id,
            direction="out",
            date="2026-10-03 10:00:00",
            partner_ids=self.contact.ids,
        )
        self.as_owner(sent).bulk_assign(self.colleague.id)
        self.assertEqual((received | sent).with_user(self.colleague)._filter_to_be_answered(), received)

    def as_owner(self, email):
        return email.with_user(self.owner)

    def test_conversations_are_linked(self):
        email = self.make_email(self.shared)
        report = email.with_user(self.owner).bulk_link("res.partner", self.contact.id)
        self.assertEqual(report["message"], "Linked with Ana: 1.")
        self.assertEqual(email.partner_ids, self.contact)
        self.take_back(report)
        self.assertFalse(email.partner_ids)
        self.assertFalse(email.sudo().unlinked_partner_ids, "an address may bring it again")

    def test_only_what_was_not_linked_before_is_taken_back(self):
        linked = self.make_email(self.shared, partner_ids=self.contact.ids)
        kept_away = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.as_owner(kept_away).action_unlink("res.partner", self.contact.id)
        self.take_back(self.as_owner(linked | kept_away).bulk_link("res.partner", self.contact.id))
        self.assertEqual(linked.partner_ids, self.contact)
        self.assertFalse(kept_away.partner_ids)
        self.assertEqual(kept_away.sudo().unlinked_partner_ids, self.contact)
        self.assertFalse(self.as_owner(linked).bulk_link("res.partner", self.contact.id)["undo"])


@tagged("post_install", "-at_install")
class TestBulk(BulkCase):
    def ask(self, email, user):
        self.contact.user_id = user
        email.partner_ids = self.contact
        email._ask_for_answers(self.shared)

    def test_done_completes_what_the_user_is_asked_for_and_can_be_undone(self):
        email = self.make_email(self.shared)
        self.ask(email, self.owner)
        report = email.with_user(self.owner).bulk_mark_done()
        self.assertEqual(report["message"], "Done: 1.")
        self.assertFalse(self.ids(self.owner, folder="to_answer"))
        self.take_back(report)
        self.assertEqual(self.ids(self.owner, folder="to_answer"), email.ids)

    def test_all_that_done_has_changed_is_taken_back(self):
        email = self.make_email(self.shared, subject="Oferta de tejas")
        unread = email.mailbox_message_ids
        read = self.add_copy(email, self.personal, "archive", seen=True)
        self.ask(email, self.owner)
        activity = self.env["mail.activity"].search([("escala_email_id", "=", email.id)])
        words = (activity.summary, activity.note)
        notes = len(self.contact.message_ids)
        report = email.with_user(self.owner).bulk_mark_done()
        self.assertTrue(unread.pending_seen)
        self.assertGreater(len(self.contact.message_ids), notes)
        self.take_back(report)
        self.assertEqual((activity.active, activity.summary, activity.note), (True, *words))
        self.assertFalse(unread.pending_seen)
        self.assertTrue(read.seen)
        self.assertEqual(len(self.contact.message_ids), notes)

    def test_nobody_takes_back_what_others_have_done(self):
        email = self.make_email(self.shared)
        self.ask(email, self.owner)
        report = email.with_user(self.owner).bulk_mark_done()
        notes = self.contact.message_ids
        self.take_back(report, self.colleague)
        self.assertFalse(self.ids(self.owner, folder="to_answer"))
        self.assertTrue(email.mailbox_message_ids.pending_seen)
        self.assertEqual(self.contact.message_ids, notes)

    def test_done_leaves_what_others_are_asked_for(self):
        email = self.make_email(self.shared)
        self.ask(email, self.colleague)
        report = email.with_user(self.owner).bulk_mark_done()
        self.assertFalse(report["undo"])
        self.assertEqual(self.ids(self.colleague, folder="to_answer"), email.ids)

    def test_nothing_is_done_to_what_one_may_not_read(self):
        email = self.make_email(self.personal).with_user(self.colleague)
        calls = ("mark_done", "bulk_mark_done", "bulk_remove", "prepare_exclusion", "bulk_exclude_senders")
        for method in calls:
            with self.assertRaises(AccessError, msg=method):
                getattr(email, method)()

    def test_what_is_in_own_mailboxes_is_removed(self):
        mine = self.make_email(self.personal)
        theirs = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.shared.member_ids = self.colleague
        report = (mine | theirs).with_user(self.owner).bulk_remove()
        self.assertFalse(mine.exists())
        self.assertTrue(theirs.exists())
        self.assertIn("Removed from Odoo: 1.", report["message"])
        self.assertIn("Not in your mailboxes: 1.", report["message"])

    def test_senders_are_excluded_where_the_user_may_change_it(self):
        mine = self.make_email(self.personal)
        shared = self.make_email(self.shared, sender_email="eva@otro.example")
        rows = (mine | shared).with_user(self.owner)
        plan = rows.prepare_exclusion()
        self.assertEqual(plan["addresses"], ["ana@cliente.example"])
        self.assertEqual(plan["mailboxes"], [self.personal.display_name])
        self.assertEqual(plan["email_count"], 1)
        report = rows.bulk_exclude_senders()
        self.assertEqual(self.personal.exclusion_ids.mapped("pattern"), ["ana@cliente.example"])
        self.assertFalse(self.shared.exclusion_ids)
        self.assertTrue(mine.exists())
        undo = report["undo"]
        self.env[undo["model"]].with_user(self.owner).browse(undo["ids"]).unlink()
        self.assertFalse(self.personal.exclusion_ids)

    def test_their_emails_go_as_well_if_asked_for(self):
        mine = self.make_email(self.personal)
        report = mine.with_user(self.owner).bulk_exclude_senders(remove=True)
        self.assertFalse(mine.exists())
        self.assertFalse(report["undo"])

    def test_colleagues_and_the_excluded_are_not_excluded(self):
        self.owner.partner_id.email = "owner@nordica.example"
        own = self.make_email(self.personal, sender_email="owner@nordica.example")
        known = self.make_email(self.personal)
        self.personal.exclusion_ids.create({"mailbox_id": self.personal.id, "pattern": "cliente.example"})
        rows = (own | known).with_user(self.owner)
        self.assertFalse(rows.prepare_exclusion()["addresses"])
        with self.assertRaises(UserError):
            rows.bulk_exclude_senders()


@tagged("post_install", "-at_install")
class TestOutgoingFolders(WorkspaceCase):
    def make_draft(self, user, **values):
        draft = (
            self.env["escala.email.outgoing"].with_user(user).create({"to": "ana@cliente.example", **values})
        )
        self.env.flush_all()
        return draft

    def page(self, folder="drafts", user=None, **arguments):
        return (
            self.env["escala.email.outgoing"]
            .with_user(user or self.owner)
            .search_outgoing(folder, **arguments)
        )

    def test_drafts_are_their_authors_alone(self):
        draft = self.make_draft(self.owner, subject="Borrador", body="<p>Hola,<br/>Ana</p>")
        [row] = self.page()["rows"]
        self.assertEqual((row["id"], row["subject"], row["snippet"]), (draft.id, "Borrador", "Hola, Ana"))
        self.assertFalse(self.page(user=self.colleague)["rows"])
        self.assertFalse(self.page(user=self.manager)["rows"])

    def test_what_failed_says_why_among_the_scheduled(self):
        draft = self.make_draft(self.owner)
        draft.sudo().write({"state": "failed", "error": "Refused"})
        self.assertFalse(self.page()["rows"])
        [row] = self.page("scheduled")["rows"]
        self.assertEqual((row["state"], row["error"]), ("failed", "Refused"))

    def test_pages_go_on_where_the_last_one_ended(self):
        drafts = [self.make_draft(self.owner).id for _number in range(5)]
        found, before = [], None
        while before is not False:
            page = self.page(limit=2, before=before)
            found += [row["id"] for row in page["rows"]]
            before = page["before"]
        self.assertEqual(found, drafts[::-1])
