"""The middle and the right of the workspace: a page of conversations, and one of them whole."""

from collections.abc import Iterable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .escala_email_faces import get_name

# What a page is made of: e-mails are read until there are as many conversations, or so many times.
ROUNDS = 5
NAMES = 4
LATEST = 20  # e-mails of a conversation whose senders are named
LONGEST_CONVERSATION = 200
LARGEST_PAGE = 120
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


class Size(NamedTuple):
    """How large a conversation is, or a part of it."""

    emails: int = 0
    files: int = 0


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
        :param limit: number of conversations, as far as `clamp_page` allows
        :returns: `threads`, see `_prepare_rows`, and `before`, `False` on the last page
        """
        limit = clamp_page(limit)
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
        latest = self._get_latest_of_conversations()
        sizes = self._measure_conversations(Domain.TRUE)
        unread = self._measure_conversations(self._is_unread())
        to_answer = self._measure_conversations(self._is_to_answer())
        own, chips = self._get_own_addresses(), self._get_chips()
        people = {head: emails._get_correspondent(own) for head, emails in latest.items()}
        faces = self._find_faces(address for _name, address in people.values())
        return [
            {
                "id": head.id,
                "thread_id": head.thread_id.id,
                "date": fields.Datetime.to_string(head.date),
                "subject": head.subject or "",
                "snippet": head.snippet or "",
                "direction": head.direction,
                "names": self._get_names(latest[head], own),
                "face": faces.get(people[head][1], False),
                "face_name": people[head][0],
                "count": sizes[head].emails,
                "unread": unread[head].emails,
                "has_attachments": bool(sizes[head].files),
                "to_answer": bool(to_answer[head].emails),
                **chips[head],
            }
            for head in self
        ]

    def _measure_conversations(self, condition: Domain) -> dict:
        """Map each of these e-mails to the size of its conversation, as far as the user may read and a condition holds.

        That is one query for all of them, whatever their number.
        """
        loose = self.filtered(lambda email: not email.thread_id)
        sums = ["__count", "attachment_count:sum"]
        threads = self._read_group(
            condition & Domain("thread_id", "in", self.thread_id.ids), ["thread_id"], sums
        )
        alone = self._read_group(condition & Domain("id", "in", loose.ids), ["id"], sums) if loose else []
        by_thread = {thread.id: Size(count, files) for thread, count, files in threads}
        by_id = {id_: Size(count, files) for id_, count, files in alone}
        return {
            email: by_thread.get(email.thread_id.id, Size())
            if email.thread_id
            else by_id.get(email.id, Size())
            for email in self
        }

    def _get_latest_of_conversations(self) -> dict:
        """Map each of these e-mails to the last of its conversation that the user may read, oldest first."""
        readable = self._search([("thread_id", "in", self.thread_id.ids)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM (SELECT id, row_number() OVER (PARTITION BY thread_id ORDER BY date DESC, id DESC) AS place
                          FROM escala_email
                         WHERE id IN %s) AS placed
                 WHERE place <= %s
                """,
                readable.subselect(),
                LATEST,
                to_flush=[self._fields["thread_id"], self._fields["date"]],
            )
        )
        latest = self.search_fetch([("id", "in", [id_ for (id_,) in rows])], ROW_FIELDS, order="date, id")
        return latest._by_conversation_of(self)

    def _get_conversations(self, names: list[str]) -> dict:
        """Map each of these e-mails to those of its conversation that the user may read, oldest first."""
        threads = self.thread_id
        emails = self.search_fetch([("thread_id", "in", threads.ids)], names, order="date, id")
        return emails._by_conversation_of(self)

    def _by_conversation_of(self, heads) -> dict:
        by_thread = self.grouped("thread_id")
        return {head: by_thread.get(head.thread_id, head) if head.thread_id else head for head in heads}

    def _filter_to_be_answered(self):
        """Return those of these e-mails that the user is asked to answer."""
        # sudo: whoever asks may read these; who is asked to answer is in the condition
        return self & self.sudo().search(Domain("id", "in", self.ids) & self._is_to_answer())

    def _get_chips(self) -> dict:
        """Map these e-mails to names and ids of their `partners` and `leads` that the user may read."""
        names = {"partners": "partner_ids"}
        if self.env["crm.lead"].has_access("read"):
            names["leads"] = "lead_ids"
        chips = {email: {"partners": [], "leads": []} for email in self}
        for key, name in names.items():
            readable = self[name]._filtered_access("read")
            # "name" alone: of contacts, the display name begins with their company
            shown = {each: {"id": each.id, "name": each.name or each.display_name} for each in readable}
            for email in self:
                chips[email][key] = [shown[each] for each in email[name] if each in shown]
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
        shown = self._get_shown_of_conversation()
        unread, to_answer = shown._find_unread(), shown._filter_to_be_answered()
        faces = self._find_faces(shown.mapped("sender_email"))
        chips, customer = shown._merge_chips(), shown._prepare_customer()
        return {
            "id": self.id,
            "thread_id": self.thread_id.id,
            "subject": self.subject or "",
            "left_out": self._measure_conversations(Domain.TRUE)[self].emails - len(shown),
            "emails": [
                {
                    **email._prepare_reading(),
                    "face": faces.get(email.sender_email, False),
                    "unread": email in unread,
                    "to_answer": email in to_answer,
                }
                for email in shown
            ],
            # by itself: who sees the others is not shown, and costs queries for each
            "seen_by": shown[-1:].with_prefetch().seen_by,
            **chips,
            "customer": customer,
            "rights": self._get_rights(),
            "lead_cards": self._prepare_lead_cards(chips["leads"], customer),
        }

    def _get_shown_of_conversation(self):
        """Return the e-mails of this one's conversation that the user may read, oldest first, the last ones of many."""
        if not self.thread_id:
            return self
        names = [*ROW_FIELDS, "cc", "is_automatic", "is_history"]
        return self.search_fetch(
            [("thread_id", "=", self.thread_id.id)],
            names,
            order="date desc, id desc",
            limit=LONGEST_CONVERSATION,
        )[::-1]

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
            "company": self.parent_id._filtered_access("read").name or self.company_name or "",
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


def clamp_page(limit: int) -> int:
    """Return how many rows a page has: as many as a browser asks for, and no more than are read in no time."""
    return min(max(limit, 1), LARGEST_PAGE)
