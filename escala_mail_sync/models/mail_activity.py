"""The activity that asks to answer an e-mail, and its two ways to be done: in Odoo and in the mailbox."""

from odoo import api, fields, models

from .escala_email_answer import Answer


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # Its name would be shown along with it, also to those who may see the activity and not the e-mail.
    escala_email_id = fields.Many2one(
        "escala.email",
        "E-mail to answer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )
    is_answer = fields.Boolean(compute="_compute_is_answer", compute_sudo=True)

    @api.depends("escala_email_id")
    def _compute_is_answer(self):
        for activity in self:
            activity.is_answer = bool(activity.escala_email_id)

    def write(self, vals):
        """Mark the e-mail as read in the mailboxes of whoever marks its activity as done."""
        is_done = not vals.get("active", True) and not self.env.context.get("answered_in_mailbox")
        # sudo: which e-mail it is need not be known to whoever is done with it
        emails = self.sudo().filtered("active").escala_email_id if is_done else self.env["escala.email"]
        result = super().write(vals)
        if vals.get("user_id"):
            self._hide_private_words()
        emails._mark_seen_by(self.env.user)
        return result

    def _hide_private_words(self) -> None:
        """Quote no private e-mail to whom its activity is passed on."""
        # sudo: which e-mail it is need not be known to whoever passes it on
        for activity in self.sudo().filtered(lambda each: each.escala_email_id and not each.res_model):
            activity.write(activity.escala_email_id._prepare_neutral_texts(activity.user_id))

    def action_open_email(self):
        """Open the e-mail to answer, if the user may read it."""
        self.ensure_one()
        # sudo: which e-mail it is, is shown only to those who may read it
        return self.sudo().escala_email_id.sudo(False)._get_form_action()

    def _follow_sharing(self) -> None:
        """Have these activities tell as much of their e-mails as everybody may read who sees them.

        Those of private e-mails are on no document, and their owners' unless whoever is asked may read the e-mail.
        What somebody has written in place of the usual words stays, unless there is an e-mail to hide.
        """
        answers = self._get_answers()
        emails = self.escala_email_id
        told = emails.browse()
        for mailbox in emails._get_mailboxes():
            told |= emails._filter_tellable(mailbox, list(answers.values()))
        untold = emails - told
        readable = {user: untold._filter_readable_by(user) for user in self.user_id if untold}
        for activity, answer in answers.items():
            tell = answer.email in told
            mailboxes = answer.email._get_mailboxes()
            if not tell and mailboxes and not mailboxes._filter_shared():
                private = mailboxes.filtered(lambda mailbox: mailbox.visibility == "private")
                answer = (  # noqa: PLW2901
                    answer.without_document()
                    if answer.email in readable[answer.user]
                    else answer.in_private((private or mailboxes)[0])
                )
            activity._follow_answer(answer, tell)

    def _get_answers(self) -> dict:
        """Map these activities to what they ask for, and where: those on no document to where they would be."""
        private = self.filtered(lambda activity: activity.escala_email_id and not activity.res_model)
        places = {}
        for mailbox, emails in private.escala_email_id.grouped(
            lambda email: email._get_mailboxes()[:1]
        ).items():
            places |= {
                answer.email: answer for answer in (emails._prepare_answers(mailbox) if mailbox else ())
            }
        answers = {}
        for activity in self.filtered("escala_email_id"):
            email = activity.escala_email_id
            if activity.res_model:
                document = self.env[activity.res_model].browse(activity.res_id)
                answers[activity] = Answer(email, document, activity.user_id)
            elif email in places:
                answers[activity] = places[email].of_user(activity.user_id)
        return answers

    def _follow_answer(self, answer: Answer, tell: bool) -> None:
        """Be where, whose, and in which words it is to be."""
        neutral = answer.email._prepare_neutral_texts(answer.user)
        moves = (self.res_model or False) != (answer.document._name if answer.document else False)
        values = {"user_id": answer.user.id} if answer.user != self.user_id else {}
        if moves:
            values |= {
                "res_model_id": False,
                "res_id": False,
                **answer.email._prepare_answer_place(answer.document),
            }
        if moves or not tell or self.summary == neutral["summary"]:
            values |= answer.email._prepare_answer_texts(answer, tell or not answer.document)
        if values:
            self.write(values)

    def _action_done(self, feedback=False, attachment_ids=None):
        """Quote no e-mail in the chatter, where it would stay when the e-mail is hidden."""
        # sudo: which e-mail it is need not be known to whoever is done with it
        for activity in self.sudo().filtered("escala_email_id"):
            activity.write(activity.escala_email_id._prepare_neutral_texts(activity.user_id))
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _complete_answers(self) -> None:
        """Mark these activities as done, as their e-mails have been read or answered in a mailbox.

        As `_action_done` does (mail/models/mail_activity.py), but at the cost of a few queries for all of them
        instead of five for each.
        """
        with_files = self.env["ir.attachment"].search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"]
        )
        for lang, activities in self.grouped(lambda activity: activity.user_id.lang).items():
            activities = activities.with_context(answered_in_mailbox=True, lang=lang)  # noqa: PLW2901
            feedback = activities.env._("Read or answered in the mailbox.")
            # What triggers a next activity, or has files to be moved, is left to Odoo.
            special = activities.filtered(lambda activity: activity.chaining_type == "trigger")
            special |= activities & activities.browse(with_files.mapped("res_id"))
            if special:
                special._action_done(feedback=feedback)
            for activity in activities - special:
                activity.write(activity.escala_email_id._prepare_neutral_texts(activity.user_id))
            (activities - special)._note_done(feedback)
            (activities - special).write({"active": False, "feedback": feedback})

    def _note_done(self, feedback: str) -> None:
        """Note in the chatter that these activities are done, in Odoo's name and without notifying anybody."""
        author = self.env.ref("base.partner_root")
        values = {
            "message_type": "notification",
            "subtype_id": self.env.ref("mail.mt_activities").id,
            "author_id": author.id,
            "email_from": author.email_formatted,
            "reply_to": author.email_formatted,
        }
        self.env["mail.message"].create(
            [
                {
                    **values,
                    "model": activity.res_model,
                    "res_id": activity.res_id,
                    "mail_activity_type_id": activity.activity_type_id.id,
                    "body": self.env["ir.qweb"]._render(
                        "mail.message_activity_done",
                        {"activity": activity, "feedback": feedback, "display_assignee": True},
                        minimal_qcontext=True,
                    ),
                }
                for activity in self
                if activity.res_model
            ]
        )
