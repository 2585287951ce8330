"""Who is asked to answer, where people decide."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from .escala_email_answer import QUIET_ACTIVITIES


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def assign(self, user_id: int) -> bool:
        """Ask this user, and nobody else, to answer these e-mails.

        Raises UserError if the user could not read one of them, and AccessError if it is not for the caller to say.
        """
        self.check_access("read")
        if self - self._filter_relinkable():
            raise AccessError(
                self.env._("Who answers a private e-mail is for the people of its mailbox to say.")
            )
        user = self._get_assignee(user_id)
        # sudo: activities are other people's, and users write no e-mails
        emails = self.sudo()
        activities = emails._get_open_answers()
        activities._pass_on_to(user)
        emails -= activities.escala_email_id
        for mailbox, some in emails.grouped(lambda email: email._get_mailboxes()[:1]).items():
            answers = [answer.of_user(user) for answer in some._prepare_answers(mailbox)]
            some._create_answers(mailbox, answers)
        return True

    def _get_assignee(self, user_id: int):
        # sudo: whom one may choose is checked here, not by the rights to read users
        user = self.env["res.users"].sudo().browse(user_id).exists()
        if not (user and user.active) or user.share:
            raise UserError(self.env._("Only a colleague can be asked to answer."))
        theirs = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        if not theirs.has_access("read"):
            raise UserError(
                self.env._("%s may not read this e-mail, and so cannot answer it. Share it first.", user.name)
            )
        return user

    def get_assignees(self) -> list[dict]:
        """Return the colleagues who may read these e-mails, by name: `id` and `name`, and the contact `partner_id`."""
        self.check_access("read")
        group = self.env.ref("escala_mail_sync.group_mailbox_user")
        # sudo: names of colleagues, which everybody may know
        users = self.env["res.users"].sudo().search([("all_group_ids", "in", group.ids)], order="name")
        users = self._narrow_to_its_people(users)
        return [
            {"id": user.id, "name": user.name, "partner_id": user.partner_id.id}
            for user in users
            if self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).has_access("read")
        ]

    def _narrow_to_its_people(self, users):
        """Leave out who could not read these e-mails whatever the rights: what is not shared is its people's alone.

        A few queries, where to ask for each user would take as many for each.
        """
        # sudo: whose mailboxes these are is not shown
        mailboxes = self.env["escala.mailbox"].sudo().with_context(active_test=False).search([])
        for email in (self - self._filter_open(mailboxes)).sudo():
            its_mailboxes = email._get_mailboxes()
            users &= its_mailboxes.user_id | its_mailboxes.member_ids | email.sent_by_id
        return users


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _pass_on_to(self, user) -> None:
        """Ask this user instead of whom these activities ask."""
        activities = self.filtered(lambda activity: activity.user_id != user)
        for activity, answer in activities._get_answers().items():
            values = {"user_id": user.id}
            if activity.res_model and not answer.of_user(user).document:
                values |= {"res_model_id": False, "res_id": False}
            activity.with_context(**QUIET_ACTIVITIES).write(values)
        activities._follow_sharing()
