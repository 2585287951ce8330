"""The middle of the workspace: a page of conversations. One of them whole: see escala_email_conversation.py."""

from collections.abc import Iterable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..mime.addresses import get_name

# What a page is made of: e-mails are read until there are as many conversations, or so many times.
ROUNDS = 5
NAMES = 4
LATEST = 20  # e-mails of a conversation whose senders are named
LARGEST_PAGE = 120
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


class Size(NamedTuple):
    """How large a conversation is, or a part of it."""

    emails: int = 0
    files: int = 0


class EscalaEmail(models.Model):
    _inherit = "escala.email"

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
        # of what lies in an inbox, it is the copy there that a filter finds unread
        searched = self.with_context(escala_inboxes_of=mailboxes.ids) if folder == "inbox" else self
        heads: dict[int, models.Model] = {}
        for _round in range(ROUNDS):
            page = wanted & self._get_older_domain(before) if before else wanted
            emails = searched.search_fetch(page, ROW_FIELDS, limit=2 * limit)
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
            # sudo: whoever shows these e-mails may read them; of what they are linked with, some perhaps not
            linked = {email: email.sudo()[name].sudo(False) for email in self}
            readable = self[name].browse().union(*linked.values())._filtered_access("read")
            # "name" alone: of contacts, the display name begins with their company
            shown = {each: {"id": each.id, "name": each.name or each.display_name} for each in readable}
            for email in self:
                chips[email][key] = [shown[each] for each in linked[email] if each in shown]
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


def clamp_page(limit: int) -> int:
    """Return how many rows a page has: as many as a browser asks for, and no more than are read in no time."""
    return min(max(limit, 1), LARGEST_PAGE)
