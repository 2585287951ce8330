"""Who is asked to answer an e-mail, and when that is done."""

from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

ANSWER_TYPE = "escala_mail_sync.mail_activity_type_answer"
# No e-mail to whoever is asked, for each activity: the counter in the top bar tells (mail/models/mail_activity.py).
QUIET_ACTIVITIES = {"mail_activity_quick_update": True}


class Answer(NamedTuple):
    """An e-mail to answer, the contact or lead on which that is asked for, and who is asked."""

    email: models.BaseModel
    document: models.BaseModel
    user: models.BaseModel

    def in_private(self, mailbox):
        """Return the same asked of the mailbox's own people, on no document: nobody else learns of it.

        Odoo shows such an activity to whom it is assigned to, and to nobody else.
        """
        people = mailbox.user_id | mailbox.member_ids
        user = self.user if self.user in people else people[:1]
        return self.without_document()._replace(user=user)

    def without_document(self):
        """Return the same asked of the same user on no document, where nobody but they see it."""
        return self._replace(document=self.document.browse())

    def of_user(self, user):
        """Return the same asked of this user: on the document if they may see it, else where nobody but they see it."""
        document = self.document.with_user(user)._filtered_access("read").with_env(self.document.env)
        return self._replace(document=document, user=user)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    @api.ondelete(at_uninstall=False)
    def _unlink_open_answers(self):
        # sudo: whoever may delete the e-mail need not be the one who was to answer it
        self.sudo()._get_open_answers().unlink()

    def _get_open_answers(self):
        return self.env["mail.activity"].search([("escala_email_id", "in", self.ids)])

    # ------------------------------------------------------------
    # ASKING FOR AN ANSWER
    # ------------------------------------------------------------

    def _ask_for_answers(self, mailbox) -> None:
        """Create the activities to answer those of these new e-mails that somebody waits for an answer to.

        One for each e-mail, also in a conversation: reading the first must not finish the second.
        """
        emails = self._filter_to_answer(mailbox) if mailbox.link_to_crm else self.browse()
        answers = [answer for answer in emails._prepare_answers(mailbox) if answer.user]
        if not answers:
            return
        self._create_answers(mailbox, answers)

    def _create_answers(self, mailbox, answers: list[Answer]) -> None:
        """Create the activities that ask for these answers, in private where the e-mails are."""
        told = self._filter_tellable(mailbox, answers)
        if mailbox.visibility == "private":
            answers = [answer if answer.email in told else answer.in_private(mailbox) for answer in answers]
        self._create_activities(answers, told)

    def _create_activities(self, answers: list[Answer], told):
        """Create the activities that ask for these answers.

        :param told: the e-mails that those on documents may quote
        """
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ANSWER_TYPE)
        due = {user: self._get_today_of(user) for user in {answer.user for answer in answers}}
        activities = self.env["mail.activity"].with_context(**QUIET_ACTIVITIES)
        return activities.create(
            [
                {
                    **self._prepare_answer_place(answer.document),
                    "activity_type_id": type_id,
                    "user_id": answer.user.id,
                    "date_deadline": due[answer.user],
                    "automated": True,
                    "escala_email_id": answer.email.id,
                    **self._prepare_answer_texts(answer, answer.email in told or not answer.document),
                }
                for answer in answers
            ]
        )

    def _prepare_answer_place(self, document) -> dict:
        if not document:
            return {}
        return {"res_model_id": self.env["ir.model"]._get_id(document._name), "res_id": document.id}

    def _filter_to_answer(self, mailbox):
        """Return the e-mails from people that have been neither read nor answered yet."""
        emails = self.filtered(
            lambda email: (
                email.direction == "in"
                and not (email.is_automatic or email.is_history)
                and (email.partner_ids or email.lead_ids)
            )
        )
        handled = self.env["escala.mailbox.message"].search_fetch(
            [
                ("email_id", "in", emails.ids),
                ("mailbox_id", "=", mailbox.id),
                "|",
                ("seen", "=", True),
                ("answered", "=", True),
            ],
            ["email_id"],
        )
        emails -= handled.email_id
        message_ids = [message_id for message_id in emails.mapped("message_id") if message_id]
        replies = self._search_sent(mailbox, [("in_reply_to", "in", message_ids)])
        return emails - emails._filter_answered_by(replies)

    def _prepare_answers(self, mailbox) -> list[Answer]:
        """Return for each e-mail on which document to ask whom: no user where nobody is responsible."""
        by_sender = self.env["res.partner"]._find_all_by_addresses(
            set(self.mapped("sender_email")), company=mailbox.company_id
        )
        fallback = mailbox._get_fallback_responsibles()
        answers = []
        for email in self:
            senders = email.partner_ids & by_sender.emails.get(email.sender_email, email.partner_ids.browse())
            contact = (senders or email.partner_ids).sorted("id")[:1]
            lead = email._get_lead_to_answer_on(senders)
            document = lead or contact
            user = self._get_responsible(mailbox, lead, lead.partner_id or contact)
            if not user and fallback:
                user = fallback[document.id % len(fallback)]  # the same person for a customer each time
            answers.append(Answer(email, document, user))
        return answers

    def _get_lead_to_answer_on(self, senders):
        """Return the newest open lead, one of the sender before those of other people."""
        leads = self.lead_ids.filtered(lambda lead: lead.won_status == "pending")
        own = leads.filtered(
            lambda lead: lead.email_normalized == self.sender_email or lead.partner_id in senders
        )
        return (own or leads).sorted("id")[-1:]

    def _get_responsible(self, mailbox, lead, contact):
        """Return the user who is asked to answer: of lead, contact, company, or mailbox the first that has one."""
        company = contact.parent_id or contact.commercial_partner_id
        for user in (
            lead.user_id,
            contact.user_id,
            company.user_id,
            contact.commercial_partner_id.user_id,
            mailbox.user_id,
        ):
            if user.active and not user.share:
                return user
        return self.env["res.users"]

    def _get_today_of(self, user):
        return fields.Date.context_today(self.with_context(tz=user.tz or "UTC"))

    def _prepare_answer_texts(self, answer: Answer, tell: bool) -> dict:
        """Return summary and note in the user's language, with a link that opens the e-mail for who may read it."""
        email = answer.email
        neutral = email._prepare_neutral_texts(answer.user)
        if not tell:
            return neutral
        words = Markup("<p><b>%s</b></p><p>%s</p>") % (email.sender, email.snippet or "")
        return {"summary": email.subject or neutral["summary"], "note": words + neutral["note"]}

    def _prepare_neutral_texts(self, user) -> dict:
        """Return summary and note that tell nothing of what is in the e-mail."""
        env = self.with_context(lang=user.lang).env
        link = Markup('<p><a href="/odoo/emails/%s">%s</a></p>') % (self.id, env._("Open e-mail"))
        return {"summary": env._("Answer an e-mail"), "note": link}

    def _filter_tellable(self, mailbox, answers: list[Answer]):
        """Return the e-mails that whoever sees the activity on its document may read, so that it can quote them."""
        told = self.browse()
        shared = self.browse(answer.email.id for answer in answers)._filter_open(mailbox)
        if not shared:
            return told
        # sudo: how many companies there are decides what is shown, and is shown to nobody
        one_company = self.env["res.company"].sudo().search_count([], limit=2) == 1
        for email, document, _user in answers:
            if email in shared and (one_company or document.company_id == mailbox.company_id):
                told |= email
        return told

    def _follow_sharing(self) -> None:
        """Have the activities that ask to answer these e-mails quote what everybody may read by now, and no more."""
        # sudo: the activities are other people's
        self.sudo()._get_open_answers()._follow_sharing()

    def _get_mailboxes(self):
        """Return the mailboxes that have one of these e-mails."""
        return self.mailbox_message_ids.mailbox_id | self.sent_mailbox_id

    # ------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------

    def _complete_answers(self) -> None:
        """Mark what asks to answer these e-mails as done."""
        self._get_open_answers()._complete_answers()

    def _complete_answered_by(self, mailbox) -> None:
        """Complete the activities of what these e-mails answer, if they are sent mail."""
        sent = self._search_sent(mailbox, [("id", "in", self.ids), ("in_reply_to", "!=", False)])
        activities = self.env["mail.activity"].search(
            [
                ("escala_email_id.message_id", "in", sent.mapped("in_reply_to")),
                ("escala_email_id.mailbox_message_ids", "any", self._get_reach_domain(mailbox)),
            ]
        )
        answered = activities.escala_email_id._filter_answered_by(sent)
        activities.filtered(lambda activity: activity.escala_email_id in answered)._complete_answers()

    def _search_sent(self, mailbox, domain: list):
        """Find what those who have to do with a mailbox sent, from Odoo or elsewhere.

        Only what lies in their folders of sent mail was sent by them: anybody can write somebody else's address as
        From.
        """
        in_sent_folder = self._get_reach_domain(mailbox) & Domain("folder_id.role", "=", "sent")
        sent = Domain("mailbox_message_ids", "any", in_sent_folder) | self._get_reach_domain(
            mailbox, "sent_mailbox_id"
        )
        return self.search(Domain(domain) & Domain("direction", "=", "out") & sent)

    def _get_reach_domain(self, mailbox, path: str = "mailbox_id") -> Domain:
        """Return which mailboxes, at the end of `path`, the people of a mailbox have before them: this and others."""
        people = (mailbox.user_id | mailbox.member_ids).ids
        return (
            Domain(path, "=", mailbox.id)
            | Domain(f"{path}.user_id", "in", people)
            | Domain(f"{path}.member_ids", "in", people)
        )

    def _filter_answered_by(self, replies):
        """Return which of these e-mails are answered by a reply.

        Of several with the same Message-ID all but one are forged; the recipients of the reply tell which was meant.
        """
        emails = self.grouped("message_id")
        answered = self.browse()
        for reply in replies:
            candidates = emails.get(reply.in_reply_to, self.browse())
            if len(candidates) > 1:
                recipients = f"{reply.recipients},{reply.cc}"
                candidates = candidates.filtered(lambda email, to=recipients: email.sender_email in to)
            answered |= candidates
        return answered

    def _mark_seen_by(self, user) -> None:
        """Have the copies of these e-mails marked as read that are in shared mailboxes and in those of a user.

        Never in somebody else's personal mailbox.
        """
        if not self:
            return
        self._get_copies_dealt_with_by(user)._mark_seen()

    def _get_copies_dealt_with_by(self, user):
        """Return, as superuser, the copies of these e-mails in shared mailboxes and in those of a user."""
        # sudo: shared mailboxes are not everybody's, but what is dealt with there is dealt with for all
        return (
            self.env["escala.mailbox.message"]
            .sudo()
            .search(
                Domain("email_id", "in", self.ids)
                & Domain("folder_id.active", "=", True)
                & (
                    Domain("mailbox_id.kind", "=", "shared")
                    | Domain("mailbox_id.user_id", "=", user.id)
                    | Domain("mailbox_id.member_ids", "in", user.ids)
                )
            )
        )
