"""The middle and the right of the workspace: a page of conversations, and one of them whole."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .escala_email_faces import get_name

# What a page is made of: e-mails are read until there are as many conversations, or so many times.
ROUNDS = 5
NAMES = 4
LONGEST_CONVERSATION = 200
CARD_LINES = 5
ROW_FIELDS = [
    "thread_id",
    "date",
    "subject",
    "snippet",
    "direction",
    "sender",
    "sender_email",
    "recipients",
    "attachment_count",
]
FLAGS = (
    "can_share",
    "can_hide",
    "can_remove",
    "is_shared",
    "is_shared_on_purpose",
    "is_conversation_shared",
    "is_conversation_hidden",
)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    # ------------------------------------------------------------
    # A PAGE OF CONVERSATIONS
    # ------------------------------------------------------------

    @api.model
    def search_threads(
        self,
        domain: list,
        folder: str = "all",
        mailbox_id: int | None = None,
        before: list | None = None,
        limit: int = 30,
    ) -> dict:
        """Return a page of the conversations with an e-mail that matches, by their newest such e-mail.

        A conversation that was on an earlier page can come again, by an older e-mail: whoever shows them leaves it
        out.

        :param domain: on e-mails
        :param folder: see `_get_folder_domain`
        :param mailbox_id: one of the mailboxes of `get_workspace`, by default all of them
        :param before: what the page before said, to go on from there
        :returns: `threads`, see `_prepare_rows`, and `before`, `False` on the last page
        """
        mailboxes = self._get_chosen_mailboxes(mailbox_id)
        wanted = Domain(domain) & self._get_folder_domain(folder, mailboxes)
        if mailbox_id and folder in ("all", "to_answer"):
            wanted &= self._in_mailboxes(mailboxes)
        heads: dict[int, models.Model] = {}
        for _round in range(ROUNDS):
            page = wanted & self._get_older_domain(before) if before else wanted
            emails = self.search_fetch(page, ROW_FIELDS, limit=2 * limit)
            for email in emails:
                key = email.thread_id.id or -email.id
                if key not in heads and len(heads) == limit:
                    break
                heads.setdefault(key, email)
                before = [fields.Datetime.to_string(email.date), email.id]
            else:
                if len(emails) < 2 * limit:
                    before = False
            if not before or len(heads) == limit:
                break
        rows = self.browse([email.id for email in heads.values()])
        return {"threads": rows._prepare_rows(), "before": before}

    def _get_chosen_mailboxes(self, mailbox_id: int | None):
        mailboxes = self.env["escala.mailbox"]._find_for_workspace()
        if mailbox_id:
            mailboxes = mailboxes.filtered(lambda mailbox: mailbox.id == mailbox_id)
            if not mailboxes:
                raise AccessError(self.env._("This mailbox is not one of yours."))
        return mailboxes

    @api.model
    def _get_older_domain(self, before: list) -> Domain:
        date, id_ = before
        return Domain("date", "<=", date) & (Domain("date", "<", date) | Domain("id", "<", id_))

    def _prepare_rows(self) -> list[dict]:
        """Return what the list shows of the conversations of these e-mails, one of each."""
        conversations = self._get_conversations(ROW_FIELDS)
        everything = self.browse([email.id for emails in conversations.values() for email in emails])
        unread, to_answer = everything._find_unread(), everything._filter_to_be_answered()
        own = self._get_own_addresses()
        people = {head: emails._get_correspondent(own) for head, emails in conversations.items()}
        faces = self._find_faces(address for _name, address in people.values())
        rows = []
        for head in self:
            emails = conversations[head]
            face_name, address = people[head]
            rows.append(
                {
                    "id": head.id,
                    "thread_id": head.thread_id.id,
                    "date": fields.Datetime.to_string(head.date),
                    "subject": head.subject or "",
                    "snippet": head.snippet or "",
                    "direction": head.direction,
                    "names": self._get_names(emails, own),
                    "face": faces.get(address, False),
                    "face_name": face_name,
                    "count": len(emails),
                    "unread": len(emails & unread),
                    "has_attachments": any(emails.mapped("attachment_count")),
                    "to_answer": bool(emails & to_answer),
                    **head._get_chips(),
                }
            )
        return rows

    def _get_conversations(self, names: list[str]) -> dict:
        """Map each of these e-mails to those of its conversation that the user may read, oldest first."""
        threads = self.thread_id
        emails = self.search_fetch([("thread_id", "in", threads.ids)], names, order="date, id")
        by_thread = emails.grouped("thread_id")
        return {email: by_thread.get(email.thread_id, email) if email.thread_id else email for email in self}

    def _filter_to_be_answered(self):
        """Return those of these e-mails that the user is asked to answer."""
        # sudo: whoever asks may read these; who is asked to answer is in the condition
        return self & self.sudo().search(Domain("id", "in", self.ids) & self._is_to_answer())

    def _get_chips(self) -> dict:
        """Return names and ids of the contacts and leads of these e-mails that the user may read."""
        documents = {"partners": self.partner_ids}
        if self.env["crm.lead"].has_access("read"):
            documents["leads"] = self.lead_ids
        chips = {"partners": [], "leads": []}
        for key, records in documents.items():
            # "name" alone: of contacts, the display name begins with their company
            chips[key] = [
                {"id": each.id, "name": each.name or each.display_name}
                for each in records._filtered_access("read")
            ]
        return chips

    def _get_names(self, emails, own: Iterable[str]) -> list[str]:
        """Return who has written in a conversation, in the order of their last words, the latest last.

        Of one in which nobody else has written, to whom it was sent.
        """
        names = {}
        for email in emails:
            name = self.env._("Me") if email.sender_email in own else get_name(email.sender)
            names.pop(name, None)
            names[name] = True
        if [*names] == [self.env._("Me")]:
            return [emails[-1].correspondent]
        return [*names][-NAMES:]

    # ------------------------------------------------------------
    # ONE CONVERSATION
    # ------------------------------------------------------------

    def read_conversation(self) -> dict:
        """Return the conversation of an e-mail, as far as the user may read it; bodies apart, see `read_bodies`.

        Of a very long one the newest part. Raises AccessError if the user may not read the e-mail itself.
        """
        self.ensure_one()
        self.check_access("read")
        emails = self._get_conversations([*ROW_FIELDS, "cc", "is_automatic", "is_history"])[self]
        shown = emails[-LONGEST_CONVERSATION:]
        unread, to_answer = shown._find_unread(), shown._filter_to_be_answered()
        faces = self._find_faces(shown.mapped("sender_email"))
        return {
            "id": self.id,
            "thread_id": self.thread_id.id,
            "subject": self.subject or "",
            "left_out": len(emails) - len(shown),
            "emails": [
                {
                    **email._prepare_reading(),
                    "face": faces.get(email.sender_email, False),
                    "unread": email in unread,
                    "to_answer": email in to_answer,
                }
                for email in shown
            ],
            **emails._get_chips(),
            "customer": emails._prepare_customer(),
        }

    def _prepare_reading(self) -> dict:
        """Return what is shown around the body of an e-mail."""
        # sudo: whoever may read the e-mail may read its files
        files = self.sudo().attachment_ids
        return {
            "id": self.id,
            "date": fields.Datetime.to_string(self.date),
            "direction": self.direction,
            "subject": self.subject or "",
            "sender": self.sender or "",
            "sender_name": get_name(self.sender),
            "sender_email": self.sender_email or "",
            "recipients": self.recipients or "",
            "cc": self.cc or "",
            "snippet": self.snippet or "",
            "is_automatic": self.is_automatic,
            "is_history": self.is_history,
            "seen_by": self.seen_by,
            "attachments": [
                {"id": file.id, "name": file.name, "mimetype": file.mimetype, "size": file.file_size}
                for file in files
            ],
            **{flag: self[flag] for flag in FLAGS},
        }

    def read_bodies(self, with_remote_images: bool = False) -> dict[int, dict]:
        """Map the ids of these e-mails to `html` and `has_remote_images`.

        :param with_remote_images: leave in what a browser fetches from elsewhere, which tells the sender that the
            e-mail is read
        """
        self.check_access("read")
        name = "body_with_remote_images" if with_remote_images else "body"
        return {
            email.id: {"html": email[name] or "", "has_remote_images": email.has_remote_images}
            for email in self
        }

    def _prepare_customer(self) -> dict | bool:
        """Return the contact beside the conversation, the latest who wrote or was written to, with what is open."""
        for email in reversed(self):
            partners = email.partner_ids._filtered_access("read")
            senders = partners.filtered(
                lambda partner, email=email: email.sender_email == partner.email_normalized
            )
            partner = (senders or partners).sorted("id")[:1]
            if partner:
                return partner._prepare_card()
        return False


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _prepare_card(self) -> dict:
        """Return what is shown of a contact beside its e-mails, as far as the user may read it."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name or self.display_name,
            "email": self.email or "",
            "phone": self.phone or "",
            "function": self.function or "",
            "company": self.parent_id.name or self.company_name or "",
            "leads": self._prepare_card_leads(),
            "activities": [
                {
                    "id": activity.id,
                    "summary": activity.summary or activity.activity_type_id.name or "",
                    "date": fields.Date.to_string(activity.date_deadline),
                    "state": activity.state,
                    "user": activity.user_id.name or "",
                }
                for activity in self.activity_ids[:CARD_LINES]
            ],
        }

    def _prepare_card_leads(self) -> list[dict]:
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        domain = [("partner_id", "child_of", self.commercial_partner_id.ids), ("won_status", "=", "pending")]
        return leads.search(domain, limit=CARD_LINES)._prepare_cards()
