"""Who is asked to answer, where people decide."""

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .escala_email_answer import QUIET_ACTIVITIES


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def assign(self, user_id: int) -> dict:
        """Ask this user, and nobody else, to answer these e-mails; return the call that takes it back.

        Raises UserError if the user could not read one of them, as far as the caller may know, and AccessError if it
        is not for the caller to say.
        """
        self._check_assignable()
        user = self._get_assignee(user_id)
        # sudo: activities are other people's, and users write no e-mails
        emails = self.sudo()
        activities = emails._get_open_answers()
        before = [(activity.id, activity.user_id.id) for activity in activities if activity.user_id != user]
        activities._pass_on_to(user)
        emails -= activities.escala_email_id
        created = activities.browse()
        for mailbox, some in emails.grouped(lambda email: email._get_mailbox_to_ask_through(user)).items():
            created |= some._create_answers_of(user, mailbox)
        return self._sign_undo("undo_assign", user.id, before, created.ids)

    def undo_assign(self, token: str) -> bool:
        """Ask again whom the user has taken an answer from, and nobody where nobody was asked.

        What has been done, or passed on to somebody else, stays as it is. Raises AccessError if it is not the user's to
        take back, or too long ago.

        :param token: as `assign` gave it
        """
        user_id, before, created_ids = self._read_undo("undo_assign", token)
        # sudo: activities are other people's; these are those that the user has passed on
        open_answers = self.exists()._filter_relinkable().sudo()._get_open_answers()
        passed_on = open_answers.filtered(lambda activity: activity.user_id.id == user_id)
        (passed_on & passed_on.browse(created_ids)).unlink()
        users = dict(before)
        again = passed_on & passed_on.browse(users)
        for previous_id, activities in again.grouped(lambda activity: users[activity.id]).items():
            # sudo: whom it was asked of need not be a user whom the caller reads
            activities._pass_on_to(self.env["res.users"].sudo().browse(previous_id).exists())
        return True

    def get_assignees(self) -> list[dict]:
        """Return the colleagues who may be asked to answer these e-mails, by name: `id`, `name` and `partner_id`.

        Raises AccessError if it is not for the caller to say.
        """
        self._check_assignable()
        group = self.env.ref("escala_mail_sync.group_mailbox_user")
        # sudo: names of colleagues, which everybody may know
        users = self.env["res.users"].sudo().search([("all_group_ids", "in", group.ids)], order="name")
        return [
            {"id": user.id, "name": user.name, "partner_id": user.partner_id.id}
            for user in self._filter_assignees(users)
        ]

    def _check_assignable(self) -> None:
        self.check_access("read")
        if self - self._filter_relinkable():
            raise AccessError(
                self.env._("Who answers a private e-mail is for the people of its mailbox to say.")
            )

    def _get_assignee(self, user_id: int):
        # sudo: whom one may choose is checked here, not by the rights to read users
        user = self.env["res.users"].sudo().browse(user_id).exists()
        if not (user and user.active) or user.share:
            raise UserError(self.env._("Only a colleague can be asked to answer."))
        if not self._filter_assignees(user):
            raise UserError(
                self.env._("%s may not read this e-mail, and so cannot answer it. Share it first.", user.name)
            )
        return user

    # ------------------------------------------------------------
    # WHO MAY BE ASKED
    # ------------------------------------------------------------

    def _filter_assignees(self, users):
        """Return those of these users who may read all of these e-mails, as far as the caller may know.

        They are the people of the caller's own mailboxes with a copy, and of open e-mails those who may read a record
        that it is linked with. Whoever has a copy in a mailbox of their own besides is nobody's business.
        """
        readers = self._find_readers_of_open(users)
        for email, mailboxes in self._find_own_mailboxes().items():
            readers[email] |= mailboxes.user_id | mailboxes.member_ids
            # sudo: only whether the caller has sent it
            readers[email] |= email.sudo().sent_by_id & self.env.user
        return users.filtered(lambda user: all(user in readers[email] for email in self))

    def _find_readers_of_open(self, users) -> dict:
        """Map these e-mails to the users who read them with a contact or lead, in one query for all users."""
        readers = {email: users.browse() for email in self}
        queries = []
        for companies, some in users.grouped(lambda user: user.company_ids & self.env.companies).items():
            there = self.with_context(allowed_company_ids=companies.ids)
            opened = there._filter_open(there.env["escala.mailbox"]._find_of_companies())
            queries += [opened._select_readable_by(user) for user in some if opened and companies]
        if queries:
            for user_id, email_id in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
                readers[self.browse(email_id)] |= users.browse(user_id)
        return readers

    def _select_readable_by(self, user) -> SQL:
        """Return a query for a user's id, with those of these e-mails that are linked with what the user may read."""
        theirs = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        linked = theirs._linked_to_readable("partner_ids") | theirs._linked_to_readable("lead_ids")
        # sudo: which e-mails these are has been found out; that the user may read the records is in the condition
        found = self.sudo()._search(Domain("id", "in", self.ids) & linked)
        return SQL("SELECT %s, readable.id FROM (%s) AS readable", user.id, found.select())

    def _filter_readable_by(self, user):
        """Return which of these e-mails a user may read, through whichever mailbox: to be told to nobody else."""
        theirs = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return theirs.search([("id", "in", self.ids)]).with_env(self.env)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def _get_mailbox_to_ask_through(self, user):
        """Return a mailbox with this e-mail through which the user reads it: one that shares it, before their own."""

        def rank(mailbox) -> tuple:
            shares = mailbox._filter_shared() and mailbox.company_id in user.company_ids
            return not shares, user not in mailbox.user_id | mailbox.member_ids

        return self._get_mailboxes().sorted(rank)[:1]

    def _create_answers_of(self, user, mailbox):
        """Ask this user, whoever would be asked otherwise; on no document where others would see it."""
        answers = [answer.of_user(user) for answer in self._prepare_answers(mailbox)]
        told = self._filter_tellable(mailbox, answers)
        if mailbox.visibility == "private":
            answers = [answer if answer.email in told else answer.without_document() for answer in answers]
        return self._create_activities(answers, told)


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
