"""Conversations, as the messages themselves tell: References and In-Reply-To, never the subject."""

from collections import defaultdict

from odoo import api, fields, models


class EscalaEmailThread(models.Model):
    """A group of e-mails; it grants nothing: who may read which e-mail is decided e-mail by e-mail."""

    _name = "escala.email.thread"
    _description = "E-mail Conversation"

    root_message_id = fields.Char("First Message-ID", required=True, readonly=True, index=True)
    email_ids = fields.One2many("escala.email", "thread_id", "E-mails", readonly=True)

    @api.model
    def _get_for_batch(self, ancestries: list[tuple[str, ...]]) -> list[int]:
        """Return the id of a thread for each ancestry, in a constant number of queries.

        An ancestry is the Message-IDs that a message names, root first, its own one last (RFC 5322, section
        3.6.4). Messages that share one of them share the thread. An empty ancestry gets a thread of its own.
        """
        known = self._find({message_id for ancestry in ancestries for message_id in ancestry})
        threads: list[int] = []
        new_roots: list[str] = []
        pending: dict[int, list[int]] = defaultdict(list)
        for index, ancestry in enumerate(ancestries):
            thread = next((known[message_id] for message_id in ancestry if message_id in known), None)
            if thread is None:
                thread = -len(new_roots) - 1  # stands for the row that is created below
                new_roots.append(ancestry[0] if ancestry else "")
            for message_id in ancestry:
                known.setdefault(message_id, thread)
            if thread < 0:
                pending[-thread - 1].append(index)
            threads.append(thread)
        created = self.create([{"root_message_id": root} for root in new_roots])
        for position, indexes in pending.items():
            for index in indexes:
                threads[index] = created[position].id
        return threads

    def _find(self, message_ids: set[str]) -> dict[str, int]:
        """Map those Message-IDs that belong to a thread to its id."""
        message_ids = list(message_ids)
        known = {
            thread.root_message_id: thread.id
            for thread in self.search([("root_message_id", "in", message_ids)], order="id desc")
        }
        emails = self.env["escala.email"].search_fetch(
            [("message_id", "in", message_ids)], ["message_id", "thread_id"], order="id desc"
        )
        return known | {email.message_id: email.thread_id.id for email in emails if email.thread_id}
