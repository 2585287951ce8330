"""One message on its way from the server to the database."""

from __future__ import annotations

from dataclasses import dataclass

from ..imap.folder_sync import FetchedHeader
from ..mime import Headers, ParsedEmail
from .escala_email_classifier import Decision
from .escala_mailbox_message import make_fingerprint

SUBJECT_LIMIT = 500  # characters; what a list shows, the whole stays in the message


@dataclass(eq=False)
class Item:
    """One message on its way: on the server, then decided upon, then read, or not readable.

    `moved_row_id` is its row in the ledger if it is there already, from another folder or under another number: then
    that row only has to follow it.
    """

    fetched: FetchedHeader
    headers: Headers
    decision: Decision | None = None
    raw: bytes = b""
    parsed: ParsedEmail | None = None
    reason: str = ""
    detail: str = ""
    is_new: bool = False  # and not a copy of an e-mail that was here before
    moved_row_id: int = 0

    @property
    def is_moved(self) -> bool:
        """Whether it is here already, under the name that it had before."""
        return bool(self.moved_row_id)

    @property
    def fingerprint(self) -> tuple:
        """What the message is known by wherever it goes on the server."""
        fetched = self.fetched
        return make_fingerprint(
            fetched.gmail_id,
            self.headers.message_id,
            self.headers.subject[:SUBJECT_LIMIT],
            fetched.size,
            fetched.internal_date,
        )

    @property
    def is_wanted(self) -> bool:
        """Whether its body has to be fetched."""
        return not (self.is_moved or self.reason)
