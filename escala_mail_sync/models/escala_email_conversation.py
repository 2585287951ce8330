"""The right side of the workspace: one conversation, what the user may do with it, and whom it is with."""

from odoo import fields, models
from odoo.fields import Domain

from ..mime.addresses import get_name
from .escala_email_workspace import ROW_FIELDS

LONGEST_CONVERSATION = 200
UNREAD_UNFOLDED = 5  # at most: each that is unfolded has a frame of its own
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

    def read_conversation(self) -> dict:
        """Return the conversation of an e-mail, as far as the user may read it.

        Of a very long one the newest part. `bodies` has those of the `unfolded` e-mails; for others, see `read_bodies`.
        Raises AccessError if the user may not read the e-mail itself.
        """
        self.ensure_one()
        self.check_access("read")
        shown = self._get_shown_of_conversation()
        unread, to_answer = shown._find_unread(), shown._filter_to_be_answered()
        unfolded = shown._filter_unfolded(unread)
        faces = self._find_faces(shown.mapped("sender_email"))
        chips, customer = shown._merge_chips(), shown._prepare_customer()
        return {
            "id": self.id,
            "thread_id": self.thread_id.id,
            "subject": self.subject or "",
            "left_out": self._count_left_out(shown),
            "emails": [
                {
                    **email._prepare_reading(),
                    "face": faces.get(email.sender_email, False),
                    "unread": email in unread,
                    "to_answer": email in to_answer,
                }
                for email in shown
            ],
            "unfolded": unfolded.ids,
            "bodies": unfolded._prepare_bodies(),
            # by itself: who sees the others is not shown, and costs queries for each
            "seen_by": shown[-1:].with_prefetch().seen_by,
            **chips,
            "customer": customer,
            "rights": self._get_rights(),
            "lead_cards": self._prepare_lead_cards(chips["leads"], customer),
        }

    def _get_shown_of_conversation(self):
        """Return the e-mails of this one's conversation that the user may read, oldest first, the last ones of many."""
        # sudo: whoever may read the e-mail may read which conversation it is of
        thread = self.sudo().thread_id
        if not thread:
            return self
        names = [*ROW_FIELDS, "cc", "is_automatic", "is_history", "mail_message_id"]
        return self.search_fetch(
            [("thread_id", "=", thread.id)],
            names,
            order="date desc, id desc",
            limit=LONGEST_CONVERSATION,
        )[::-1]

    def _filter_unfolded(self, unread):
        """Return which of these e-mails are open at first: the newest, and the last that have not been read.

        :param unread: those of them that have not been read
        """
        return (self & unread)[-UNREAD_UNFOLDED:] | self[-1:]

    def _count_left_out(self, shown) -> int:
        """Return how many e-mails of this one's conversation the user may read beside those that are shown."""
        if len(shown) < LONGEST_CONVERSATION:
            return 0
        return self._measure_conversations(Domain.TRUE)[self].emails - len(shown)

    def _merge_chips(self) -> dict:
        """Return what `_get_chips` says of these e-mails, each contact and lead once."""
        merged = {"partners": {}, "leads": {}}
        for chips in self._get_chips().values():
            for key, shown in chips.items():
                merged[key] |= {each["id"]: each for each in shown}
        return {key: [*shown.values()] for key, shown in merged.items()}

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
            "attachments": [
                {"id": file.id, "name": file.name, "mimetype": file.mimetype, "size": file.file_size}
                for file in files
            ],
            **{flag: self[flag] for flag in FLAGS},
        }

    def read_bodies(self, with_remote_images: bool = False) -> dict[int, dict]:
        """Map the ids of these e-mails to `html`, `has_remote_images` and `is_trusted`.

        :param with_remote_images: leave in what a browser fetches from elsewhere, which tells the sender that the
            e-mail is read; of senders whom the user trusts, it is always left in
        """
        self.check_access("read")
        return self._prepare_bodies(with_remote_images)

    def _prepare_bodies(self, with_remote_images: bool = False) -> dict[int, dict]:
        trusted = self._filter_trusted()
        whole = self if with_remote_images else trusted
        return {
            email.id: {
                "html": email["body_with_remote_images" if email in whole else "body"] or "",
                "has_remote_images": email.has_remote_images,
                "is_trusted": email in trusted,
            }
            for email in self
        }

    def _prepare_customer(self) -> dict | bool:
        """Return the card of the contact beside the conversation: of the latest who wrote or was written to."""
        readable = self.partner_ids._filtered_access("read")
        for email in reversed(self):
            partners = email.partner_ids & readable
            senders = partners.filtered(
                lambda partner, email=email: email.sender_email == partner.email_normalized
            )
            partner = (senders or partners).sorted("id")[:1]
            if partner:
                return partner._prepare_card()
        return False

    def _prepare_lead_cards(self, linked: list[dict], customer: dict | bool) -> list[dict]:
        """Return what is shown of the leads that a conversation is linked with, and of the others of its customer."""
        leads = self.env["crm.lead"].browse(lead["id"] for lead in linked)
        others = customer["leads"] if customer else []
        return leads._prepare_cards() + [card for card in others if card["id"] not in leads.ids]

    def _get_rights(self) -> dict[str, bool]:
        """Return what the user may do: `write`, `link` contacts and leads, and create a `contact` or a `lead`."""
        leads = self.env["crm.lead"]
        return {
            "write": self.env.user.has_group("escala_mail_sync.group_mailbox_user"),
            "link": bool(self._filter_relinkable()),
            "contact": self.env["res.partner"].has_access("create"),
            "lead": leads.has_access("create"),
            "see_leads": leads.has_access("read"),
        }
