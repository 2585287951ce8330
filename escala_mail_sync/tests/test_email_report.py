"""The figures: what is counted, how soon it was answered, and who sees which of them."""

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .answer_case import AnswerCase

HOURS = "hours_to_answer:median"


class ReportCase(AnswerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.lang = "en_US"
        cls.boxes = cls.personal + cls.shared

    def report(self, user=None):
        return self.env["escala.email.report"].with_user(user or self.owner)

    def rows(self, *domain, user=None, mailboxes=None):
        mailboxes = self.boxes if mailboxes is None else mailboxes
        return self.report(user).search([("mailbox_id", "in", mailboxes.ids), *domain])

    def figures(self, aggregates, *domain, user=None, groupby=()):
        domain = [("mailbox_id", "in", self.boxes.ids), *domain]
        rows = self.report(user)._read_group(domain, groupby, aggregates)
        return rows if groupby else rows[0]

    def thread(self):
        return self.env["escala.email.thread"].create({}).id

    def sent(self, mailbox, date, role="sent", **values):
        values = {
            "direction": "out",
            "sender": "owner@nordica.example",
            "sender_email": "owner@nordica.example",
        } | values
        return self.make_email(mailbox, role, date=date, **values)

    def answered_after(self, hours):
        """Receive an e-mail at midnight that is answered so many hours later."""
        thread = self.thread()
        self.make_email(self.personal, thread_id=thread, date="2026-10-01 00:00:00")
        self.sent(self.personal, f"2026-10-01 {hours:02}:00:00", thread_id=thread)


@tagged("post_install", "-at_install")
class TestVolumes(ReportCase):
    def test_one_row_per_email_and_mailbox_whatever_number_of_copies(self):
        email = self.make_email(self.personal)
        self.add_copy(email, self.personal, "archive")
        self.add_copy(email, self.shared)
        self.sent(self.shared, "2026-10-01 12:00:00")
        found = self.figures(["__count"], groupby=["mailbox_id", "direction"])
        self.assertCountEqual(
            found, [(self.personal, "in", 1), (self.shared, "in", 1), (self.shared, "out", 1)]
        )

    def test_sent_from_odoo_counts_once_with_and_without_its_copy(self):
        email = self.sent(
            self.shared, "2026-10-01 12:00:00", sent_mailbox_id=self.shared.id, sent_by_id=self.owner.id
        )
        self.assertEqual(self.rows().mapped("user_id"), self.owner)
        self.env["escala.mailbox.message"].search([("email_id", "=", email.id)]).unlink()
        [row] = self.rows()
        self.assertEqual((row.mailbox_id, row.direction, row.user_id), (self.shared, "out", self.owner))
        self.assertEqual(row.action_open_email()["res_id"], email.id)

    def test_the_person_is_the_owner_or_who_is_asked(self):
        self.contact.user_id = self.seller
        self.receive(self.personal)
        self.receive(self.shared)
        found = {row.mailbox_id: (row.user_id, row.responsible_id) for row in self.rows()}
        self.assertEqual(
            found, {self.personal: (self.owner, self.seller), self.shared: (self.seller, self.seller)}
        )
        self.env["mail.activity"].search([("escala_email_id", "!=", False)])._complete_answers()
        self.assertEqual(self.rows(mailboxes=self.shared).user_id, self.seller)

    def test_weeks_and_what_it_is_about(self):
        lead = self.make_lead()
        self.make_email(self.personal, date="2026-10-05 10:00:00", partner_ids=self.contact.ids)
        self.make_email(self.personal, date="2026-10-06 10:00:00", lead_ids=lead.ids, is_automatic=True)
        self.make_email(self.personal, date="2026-10-12 10:00:00", is_history=True)
        weeks = self.figures(["__count"], groupby=["date:week"])
        self.assertEqual([count for _week, count in sorted(weeks)], [2, 1])
        for name in ("has_contact", "has_lead", "is_automatic", "is_history"):
            self.assertEqual(self.figures(["__count"], (name, "=", True)), (1,), name)


@tagged("post_install", "-at_install")
class TestAnswerTimes(ReportCase):
    def test_median_of_an_odd_and_of_an_even_number(self):
        for hours in (1, 2, 20):
            self.answered_after(hours)
        self.assertEqual(self.figures([HOURS]), (2.0,))
        self.answered_after(4)
        self.assertEqual(self.figures([HOURS, "answered:sum"]), (3.0, 4))

    def test_clients_get_the_median_as_any_other_aggregate(self):
        self.answered_after(3)
        self.assertEqual(
            self.report().fields_get(["hours_to_answer"])["hours_to_answer"]["aggregator"], "median"
        )
        [group] = self.report().formatted_read_group([("direction", "=", "in")], ["mailbox_id"], [HOURS])
        self.assertEqual(group[HOURS], 3.0)
        with self.assertRaises(ValueError):
            self.report()._read_group([], [], ["no_such_field:median"])

    def test_in_reply_to_comes_before_what_else_was_sent_in_the_conversation(self):
        thread = self.thread()
        self.make_email(self.personal, thread_id=thread, date="2026-10-01 00:00:00", message_id="a@x.example")
        self.sent(self.personal, "2026-10-01 01:00:00", thread_id=thread)
        self.assertEqual(self.figures([HOURS]), (1.0,))
        self.sent(self.personal, "2026-10-01 05:00:00", thread_id=thread, in_reply_to="a@x.example")
        self.assertEqual(self.figures([HOURS]), (5.0,))

    def test_no_answer_is_what_came_before_or_was_not_sent_by_us(self):
        thread = self.thread()
        self.make_email(self.personal, thread_id=thread, date="2026-10-02 00:00:00")
        self.sent(self.personal, "2026-10-01 00:00:00", thread_id=thread)
        forged = self.sent(self.personal, "2026-10-02 01:00:00", role="inbox", thread_id=thread)
        self.assertEqual(self.figures([HOURS, "answered:sum"], ("direction", "=", "in")), (False, 0))
        self.add_copy(forged, self.personal, "sent")
        self.assertEqual(self.figures([HOURS], ("direction", "=", "in")), (1.0,))

    def test_automatic_mail_waits_for_no_answer(self):
        thread = self.thread()
        self.make_email(self.personal, thread_id=thread, date="2026-10-01 00:00:00", is_automatic=True)
        self.sent(self.personal, "2026-10-01 01:00:00", thread_id=thread)
        self.assertEqual(self.figures(["answered:sum"]), (0,))

    def test_an_answer_from_a_mailbox_of_a_member_counts_and_from_elsewhere_does_not(self):
        private = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        thread = self.thread()
        self.make_email(self.shared, thread_id=thread, date="2026-10-01 00:00:00")
        self.sent(private, "2026-10-01 01:00:00", thread_id=thread)
        self.assertEqual(self.figures(["answered:sum"]), (0,))
        self.sent(self.personal, "2026-10-01 02:00:00", thread_id=thread)
        self.assertEqual(self.figures(["answered:sum", HOURS]), (1, 2.0))


@tagged("post_install", "-at_install")
class TestUnanswered(ReportCase):
    def test_who_has_been_waiting_and_for_how_long(self):
        now = fields.Datetime.now()
        self.contact.user_id = self.seller
        for days in (0.5, 2, 5, 30):
            self.receive(self.shared, date=fields.Datetime.subtract(now, hours=24 * days))
        found = self.figures(["waiting:sum"], ("waiting", "=", 1), groupby=["responsible_id", "wait"])
        self.assertCountEqual(
            found, [(self.seller, wait, 1) for wait in ("1_day", "2_days", "3_week", "4_longer")]
        )
        [longest] = self.figures(["days_waiting:max"])
        self.assertAlmostEqual(longest, 30, 1)

    def test_what_several_mailboxes_have_waits_in_one_of_them_the_shared_one(self):
        email = self.receive(self.personal)
        self.add_copy(email, self.shared)
        self.add_copy(email, self.shared, "archive")
        self.assertEqual(self.rows(("waiting", "=", 1)).mailbox_id, self.shared)
        self.answers(email)._complete_answers()
        self.assertFalse(self.rows(("waiting", "=", 1)))


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personal.visibility = "private"

    def test_salespeople_see_their_mailboxes_and_shared_ones_they_work_with(self):
        everybodys = self.make_mailbox("info@nordica.example", kind="shared")
        for mailbox in (self.personal, self.shared, everybodys):
            self.make_email(mailbox)
        boxes = self.boxes + everybodys
        self.assertEqual(self.rows(mailboxes=boxes).mailbox_id, boxes)
        self.assertEqual(self.rows(user=self.colleague, mailboxes=boxes).mailbox_id, everybodys)
        self.assertEqual(self.rows(user=self.manager, mailboxes=boxes).mailbox_id, boxes)
        with self.assertRaises(AccessError):
            self.rows().with_user(self.colleague).read(["date"])
        employee = new_test_user(self.env, "employee", "base.group_user", lang="en_US")
        with self.assertRaises(AccessError):
            self.report(employee).search([])

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Otra"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "base.group_user,escala_mail_sync.group_mailbox_manager",
            lang="en_US",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.make_email(self.shared)
        self.assertFalse(self.rows(user=stranger))

    def test_a_manager_gets_numbers_of_private_mailboxes_and_nothing_of_the_emails(self):
        self.make_email(self.personal, subject="Secreta", partner_ids=self.contact.ids)
        rows = self.rows(user=self.manager)
        self.assertEqual(len(rows), 1)
        self.assertEqual(
            rows.read(["subject", "can_open"]), [{"id": rows.id, "subject": False, "can_open": False}]
        )
        self.assertEqual(
            rows.export_data(["subject", "mailbox_id"])["datas"], [["", "owner@nordica.example"]]
        )
        with self.assertRaises(AccessError):
            rows.action_open_email()
        own = self.rows()
        self.assertEqual((own.subject, own.can_open), ("Secreta", True))

    def test_no_door_leads_from_a_row_to_its_email(self):
        self.make_email(self.personal, subject="Secreta", partner_ids=self.contact.ids)
        rows = self.rows(user=self.manager)
        doors = {
            "read": lambda: rows.read(["email_id"]),
            "export": lambda: rows.export_data(["email_id/subject"]),
            "search": lambda: rows.search([("email_id", "!=", False)]),
            "path": lambda: rows.search([("email_id.subject", "ilike", "secreta")]),
            "group": lambda: rows.formatted_read_group([], ["email_id"], ["__count"]),
            "aggregate": lambda: rows.formatted_read_group([], [], ["email_id:array_agg"]),
            "median": lambda: rows.formatted_read_group([], [], ["email_id:median"]),
            "sort": lambda: rows.search([], order="email_id"),
        }
        for name, door in doors.items():
            with self.subTest(name), self.assertRaises(AccessError):
                door()
        for name in ("subject", "can_open"):
            with self.subTest(f"group by {name}"), self.assertRaises(ValueError):
                rows.formatted_read_group([], [name], ["__count"])

    def test_all_that_can_be_grouped_by_is_known_to_be_harmless(self):
        harmless = {
            "company_id",
            "date",
            "days_waiting",
            "direction",
            "has_contact",
            "has_lead",
            "hours_to_answer",
            "id",
            "is_automatic",
            "is_history",
            "mailbox_id",
            "responsible_id",
            "user_id",
            "wait",
            "waiting",
            "answered",
        }
        described = self.report(self.manager).fields_get()
        self.assertEqual({name for name, field in described.items() if field["store"]}, harmless)

    def test_the_rows_cannot_be_written(self):
        self.make_email(self.personal)
        for user in (self.owner, self.manager):
            with self.assertRaises(AccessError):
                self.rows(user=user).write({"direction": "out"})


@tagged("post_install", "-at_install")
class TestLeadReport(ReportCase):
    def lead_from(self, mailbox, **values):
        lead = self.make_lead(**values)
        email = self.make_email(mailbox, lead_ids=lead.ids)
        self.env["escala.lead.origin"]._record([(lead.id, email.id)])
        return lead

    def lead_rows(self, user):
        return self.env["escala.lead.report"].with_user(user).search([("mailbox_id", "in", self.boxes.ids)])

    def test_what_became_of_the_leads_by_mailbox(self):
        self.lead_from(self.shared).action_set_won()
        self.lead_from(self.shared).action_set_lost()
        self.lead_from(self.personal)
        self.make_lead()
        found = (
            self.env["escala.lead.report"]
            .with_user(self.owner)
            ._read_group([("mailbox_id", "in", self.boxes.ids)], ["mailbox_id", "won_status"], ["__count"])
        )
        self.assertCountEqual(
            found,
            [(self.shared, "won", 1), (self.shared, "lost", 1), (self.personal, "pending", 1)],
        )

    def test_a_lead_of_a_private_mailbox_is_a_number_to_others(self):
        self.personal.visibility = "private"
        lead = self.lead_from(self.personal, user_id=self.owner.id)
        self.manager.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        row = self.lead_rows(self.manager)
        self.assertEqual((row.mailbox_id, row.lead_name, row.can_open), (self.personal, False, False))
        with self.assertRaises(AccessError):
            row.action_open_lead()
        for name in ("lead_id", "email_id"):
            with self.assertRaises(AccessError):
                row.formatted_read_group([], [name], ["__count"])
        own = self.lead_rows(self.owner)
        self.assertEqual((own.lead_name, own.action_open_lead()["res_id"]), (lead.name, lead.id))
        self.assertFalse(self.lead_rows(self.colleague))

    def test_from_email_says_nothing_of_private_mail(self):
        self.personal.visibility = "private"
        leads = self.lead_from(self.personal, user_id=False) + self.lead_from(self.shared, user_id=False)
        leads += self.make_lead(user_id=False)

        def found(user):
            return (
                self.env["crm.lead"]
                .with_user(user)
                .search([("id", "in", leads.ids), ("is_from_email", "=", True)])
            )

        self.assertEqual(found(self.owner), leads[:2].with_user(self.owner))
        self.assertEqual(found(self.colleague), leads[1].with_user(self.colleague))
        self.assertEqual(leads.with_user(self.colleague).mapped("is_from_email"), [False, True, False])


@tagged("post_install", "-at_install")
class TestMailboxHealth(ReportCase):
    def test_emails_of_the_last_seven_days(self):
        now = fields.Datetime.now()
        for days in (0, 0, 2, 9):
            self.make_email(self.personal, date=fields.Datetime.subtract(now, days=days))
        mailbox = self.personal.with_user(self.owner).with_context(tz="UTC")
        self.assertEqual([day["count"] for day in mailbox.daily_counts], [0, 0, 0, 0, 1, 0, 2])
        self.assertEqual(mailbox.daily_counts[-1]["date"], fields.Date.to_string(now.date()))
        self.assertEqual(mailbox.week_count, 3)
        self.assertEqual(self.personal.with_user(self.manager).with_context(tz="UTC").week_count, 3)
