"""The new e-mails of a contact or lead among the messages of its chatter.

Nothing is posted and nothing copied: when the chatter is read, the e-mails that the user may read at that moment are
put in by the ids of their messages, which are in the order in which they came.
"""

from typing import NamedTuple

from markupsafe import escape

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..mime.addresses import get_name

HIGHEST_ID = 2**31 - 1


class Part(NamedTuple):
    """The messages with ids above one and up to another one, at most so many, from which end."""

    above: int
    up_to: int
    newest_first: bool
    most: int

    def choose(self, ids: set[int]) -> list[int]:
        """Return those of these ids that belong to it."""
        inside = [id_ for id_ in ids if self.above < id_ <= self.up_to]
        return sorted(inside, reverse=self.newest_first)[: self.most]


def get_parts(around: int | None, before: int | None, after: int | None, limit: int) -> list[Part]:
    """Return what a page of messages consists of, as Odoo has it (mail/models/mail_message.py, _message_fetch)."""
    if around is not None:
        return [Part(0, around, True, limit // 2), Part(around, HIGHEST_ID, False, limit // 2)]
    return [Part(after or 0, before - 1 if before else HIGHEST_ID, not after, limit)]


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _message_fetch(
        self,
        domain,
        *,
        thread=None,
        search_term=None,
        is_notification=None,
        before=None,
        after=None,
        around=None,
        limit=30,
    ):
        """Add the e-mails of a contact or lead to a page of its chatter, or to what is found in it."""
        place = {"before": before, "after": after, "around": around, "limit": limit}
        found = super()._message_fetch(
            domain, thread=thread, search_term=search_term, is_notification=is_notification, **place
        )
        emails = self.env["escala.email"].sudo(False)
        wanted = emails._get_chatter_domain(thread)
        if domain or is_notification or wanted.is_false():
            return found
        if search_term:
            wanted &= Domain("text", "ilike", search_term)
            found["count"] += emails.search_count(wanted)
        parts = get_parts(**place)
        ids = {*found["messages"].ids, *emails._find_message_ids(wanted, parts)}
        page = [id_ for part in parts for id_ in part.choose(ids)]
        return {**found, "messages": self.browse(sorted(page, reverse=True))}

    def _to_store(self, store, fields, **options):
        """Show of an e-mail who wrote and how it begins: the whole of it is in its conversation.

        What a browser would fetch from elsewhere is in its body alone.
        """
        is_shown = "message_format" in fields
        result = super()._to_store(store, fields, **options)
        messages = self.filtered(lambda message: is_shown and message.model == "escala.email")
        emails = self.env["escala.email"].browse(messages.mapped("res_id"))
        own = emails._find_own_mailboxes() if emails else {}
        for message, email in zip(messages, emails, strict=True):
            store.add(message, email._prepare_for_chatter(own[email]))
        return result


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    @api.model
    def _get_chatter_domain(self, thread) -> Domain:
        """Return which e-mails the chatter of a contact or lead shows.

        Its own new ones. Not history, which would stand among the messages of today; nor answers that have been
        posted there already, by the mail gateway or from a mailbox.
        """
        if not thread or not hasattr(thread, "_has_emails_tab") or not thread._has_emails_tab():
            return Domain.FALSE
        messages = self.env["mail.message"]

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(
                """
                NOT EXISTS (SELECT FROM mail_message posted
                             WHERE posted.message_id = %s AND posted.model = %s AND posted.res_id = %s)
                """,
                SQL.identifier(alias, "message_id", to_flush=self._fields["message_id"]),
                thread._name,
                thread.id,
                to_flush=[messages._fields[name] for name in ("message_id", "model", "res_id")],
            )

        new = Domain("is_history", "=", False) & Domain("mail_message_id", "!=", False)
        return thread._get_own_emails_domain() & new & Domain.custom(to_sql=to_sql)

    @api.model
    def _find_message_ids(self, wanted: Domain, parts: list[Part]) -> list[int]:
        """Return the ids of the messages of those of these e-mails that the user may read.

        Without asking for the messages: that would read every one that matches (mail/models/mail_message.py, _search).
        """
        column = SQL.identifier(self._table, "mail_message_id", to_flush=self._fields["mail_message_id"])
        ids = []
        for part in parts:
            query = self._search(wanted)
            query.add_where(SQL("%s > %s AND %s <= %s", column, part.above, column, part.up_to))
            query.order = SQL("%s %s", column, SQL("DESC" if part.newest_first else "ASC"))
            query.limit = part.most
            ids += [id_ for (id_,) in self.env.execute_query(query.select(column))]
        return ids

    def _prepare_for_chatter(self, mailboxes) -> dict:
        """Return what a chatter shows of this e-mail.

        :param mailboxes: the user's own ones that have it
        """
        return {
            "body": escape(self.snippet or ""),
            "email_from": self._get_sender_name(),
            "synced_email": {
                "id": self.id,
                "direction": self.direction,
                "subject": self.subject or "",
                "mailboxes": mailboxes.mapped("display_name"),
            },
        }

    def _get_sender_name(self) -> str:
        """Return the name of "Ana Llamazares <ana@llamazares.example>", or else the address."""
        return get_name(self.sender) or self.sender_email or ""
