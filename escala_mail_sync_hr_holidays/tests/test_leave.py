from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from odoo.addons.escala_mail_sync.tests.common import MailboxCase


@tagged("post_install", "-at_install")
class TestLeave(MailboxCase):
    """Ada and Ben are in a queue; Ben has a leave from Tuesday to Thursday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada, cls.ben = (
            new_test_user(cls.env, login, "sales_team.group_sale_salesman", tz="UTC")
            for login in ("ada", "ben")
        )
        cls.env["escala.mailbox.assignee"].create(
            [{"mailbox_id": cls.shared.id, "user_id": user.id} for user in (cls.ada, cls.ben)]
        )
        cls.employee = cls.env["hr.employee"].create({"name": "Ben", "user_id": cls.ben.id, "tz": "UTC"})

    def request_leave(self, **values):
        kind = self.env["hr.leave.type"].create(
            {"name": "Vacaciones", "requires_allocation": False, "leave_validation_type": "hr", **values}
        )
        return self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": kind.id,
                "request_date_from": "2026-10-06",
                "request_date_to": "2026-10-08",
            }
        )

    def deal(self, moment):
        with freeze_time(moment):
            self.env.invalidate_all()
            users = self.env["res.users"].browse(self.shared._deal_out(4))
            return [user.login for user in users], self.shared.assignee_ids.mapped("status")

    def test_who_is_on_leave_is_passed_over_until_it_is_over(self):
        self.request_leave().action_approve()
        self.assertEqual(self.deal("2026-10-05 12:00:00")[0], ["ada", "ben", "ada", "ben"])
        self.assertEqual(self.deal("2026-10-07 12:00:00"), (["ada"] * 4, ["next", "absent"]))
        self.assertEqual(
            self.deal("2026-10-09 12:00:00"), (["ben", "ada", "ben", "ada"], ["waiting", "next"])
        )

    def test_a_leave_that_is_not_approved_changes_nothing(self):
        leave = self.request_leave()
        self.assertEqual(self.deal("2026-10-07 12:00:00")[1], ["next", "waiting"])
        leave.action_refuse()
        self.assertEqual(self.deal("2026-10-07 12:00:00")[1], ["next", "waiting"])

    def test_worked_time_is_no_leave(self):
        self.request_leave(time_type="other").action_approve()
        self.assertEqual(self.deal("2026-10-07 12:00:00")[1], ["next", "waiting"])

    def test_while_all_are_on_leave_nobody_gets_it(self):
        self.env["escala.mailbox.assignee"].search([("user_id", "=", self.ada.id)]).unlink()
        self.request_leave().action_approve()
        with freeze_time("2026-10-07 12:00:00"):
            self.assertEqual(self.shared._deal_out(2), [False, False])
