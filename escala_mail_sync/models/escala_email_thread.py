"""Conversations, as the messages themselves tell: References and In-Reply-To, never the subject."""

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

from ..transactions import unique_elsewhere

REFERENCE_INDEX = "escala_email_reference_one_thread_per_message_id"


@dataclass(frozen=True)
class Ancestry:
    """The Message-IDs that a message names (RFC 5322, section 3.6.4): its own, and its ancestors', root first.

    `conversation` is the server's own name for the conversation, empty where there is none.
    """

    own: str
    ancestors: tuple[str, ...] = ()
    conversation: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that may lead to the thread."""
        return tuple(dict.fromkeys(filter(None, (self.own, *self.ancestors, self.conversation))))


class EscalaEmailThread(models.Model):
    """A group of e-mails; it grants nothing: who may read which e-mail is decided e-mail by e-mail."""

    _name = "escala.email.thread"
    _description = "E-mail Conversation"

    email_ids = fields.One2many("escala.email", "thread_id", "E-mails", readonly=True)
    reference_ids = fields.One2many("escala.email.reference", "thread_id", readonly=True)

    @api.model
    def _get_for_batch(self, ancestries: list[Ancestry]) -> list[int]:
        """Return the id of a thread for each ancestry, in a constant number of queries.

        A message joins the thread of its nearest ancestor that is known, else the one that waits for it: history
        is read newest first, and replies name what they answer before it is here. Such a waiting thread is
        merged into the ancestor's. Nothing but a message's own Message-ID merges threads, so that nobody can tie
        the conversations of others together by naming both.
        """
        threads = self._find({name for ancestry in ancestries for name in ancestry.names})
        arrived = self._find_arrived(ancestry.own for ancestry in ancestries)
        merged: dict[int, int] = {}
        added: dict[str, int] = {}
        found: list[int] = []
        to_create = self._count_new(ancestries, threads)
        fresh = iter(self.create([{} for _number in range(to_create)]).ids)
        for ancestry in ancestries:
            waiting = threads.get(ancestry.own) if ancestry.own not in arrived else None
            known = [threads[name] for name in reversed(ancestry.ancestors) if name in threads]
            thread = (known or [waiting or threads.get(ancestry.own) or threads.get(ancestry.conversation)])[
                0
            ]
            if thread is None:
                thread = next(fresh)
            if waiting and waiting != thread:
                merged[waiting] = thread
                threads = {name: thread if id_ == waiting else id_ for name, id_ in threads.items()}
                found = [thread if id_ == waiting else id_ for id_ in found]
            for name in ancestry.names:
                if name not in threads:
                    threads[name] = added[name] = thread
            arrived.add(ancestry.own)
            found.append(thread)
        self.browse(fresh).unlink()
        self._merge(merged)
        self.env["escala.email.reference"].create(
            [{"message_id": name, "thread_id": threads[name]} for name in added]
        )
        return found

    def _count_new(self, ancestries: list[Ancestry], threads: dict[str, int]) -> int:
        """Return at most how many threads have to be made."""
        return sum(not any(name in threads for name in ancestry.names) for ancestry in ancestries)

    def _find(self, names: set[str]) -> dict[str, int]:
        """Map those names that lead to a thread to its id."""
        references = self.env["escala.email.reference"].search_fetch(
            [("message_id", "in", list(names))], ["message_id", "thread_id"]
        )
        return {reference.message_id: reference.thread_id.id for reference in references}

    def _find_arrived(self, message_ids) -> set[str]:
        """Return those of the Message-IDs whose messages are here."""
        wanted = [*filter(None, message_ids)]
        emails = self.env["escala.email"].search_fetch(
            Domain("message_id", "in", wanted) | Domain("server_message_id", "in", wanted),
            ["message_id", "server_message_id"],
        )
        return {*emails.mapped("message_id"), *emails.mapped("server_message_id")}

    def _add_message_id(self, message_id: str) -> None:
        """Take another Message-ID of one of its messages, with the conversation that waits for it, if there is one."""
        found = self._find({message_id}).get(message_id)
        if found is None:
            with unique_elsewhere(REFERENCE_INDEX), self.env.cr.savepoint():
                self.env["escala.email.reference"].create({"message_id": message_id, "thread_id": self.id})
        elif found != self.id and not self._find_arrived([message_id]):
            self._merge({found: self.id})

    def _merge(self, merged: dict[int, int]) -> None:
        """Move what belongs to the first threads to the second ones."""
        for loser, winner in merged.items():
            while winner in merged:
                winner = merged[winner]  # noqa: PLW2901  a chain of merges ends in the last one
            self.browse(loser).email_ids.thread_id = winner
            self.browse(loser).reference_ids.thread_id = winner
        self.browse(merged).unlink()


class EscalaEmailReference(models.Model):
    """Which thread a Message-ID belongs to, be its message here or only named by another one."""

    _name = "escala.email.reference"
    _description = "Message-ID in a Conversation"
    _log_access = False

    message_id = fields.Char(required=True)
    thread_id = fields.Many2one("escala.email.thread", required=True, ondelete="cascade", index=True)

    _one_thread_per_message_id = models.UniqueIndex("(message_id)")
