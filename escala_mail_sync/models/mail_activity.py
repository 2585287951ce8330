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
        email = self.sudo().escala_email_id.sudo(False)
        email.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": email._name,
            "res_id": email.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _follow_sharing(self) -> None:
        """Quote the e-mails to answer if everybody who sees the activity may read them, else take the words out.

        What somebody has written in place of the usual words stays, unless there is an e-mail to hide.
        """
        answers = {
            activity: Answer(
                activity.escala_email_id,
                self.env[activity.res_model].browse(activity.res_id),
                activity.user_id,
            )
            for activity in self.filtered(lambda each: each.res_model and each.escala_email_id)
        }
        emails = self.escala_email_id
        told = emails.browse()
        for mailbox in emails.mailbox_message_ids.mailbox_id | emails.sent_mailbox_id:
            told |= emails._filter_tellable(mailbox, list(answers.values()))
        for activity, answer in answers.items():
            tell = answer.email in told
            mailboxes = answer.email.mailbox_message_ids.mailbox_id
            if not tell and mailboxes and set(mailboxes.mapped("visibility")) == {"private"}:
                activity._take_from_document(answer.in_private(mailboxes[0]).user)
            neutral = answer.email._prepare_neutral_texts(answer.user)
            if not tell or activity.summary == neutral["summary"]:
                activity.write(answer.email._prepare_answer_texts(answer, tell))

    def _take_from_document(self, user) -> None:
        """Leave it to this user alone, who sees it on no document."""
        self.write({"user_id": user.id, "res_model_id": False, "res_model": False, "res_id": False})

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
