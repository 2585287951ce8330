"""The folder of sent mail: which it is, whether a message is in it, and how one gets there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import MailboxError
from .session import ImapSession, any_of

_MICROSOFT = (".office365.com", ".outlook.com")


@dataclass(frozen=True, slots=True)
class SentFolder:
    """The folder of sent mail of the mailbox that a session is open with.

    :param name: as the server has it
    :raises MailboxError: from every method
    """

    session: ImapSession
    name: str

    @classmethod
    def find(cls, session: ImapSession) -> SentFolder:
        """Find it; it is made if there is none."""
        folders = session.folders()
        found = next((folder.name for folder in folders if folder.role == "sent" and folder.selectable), "")
        if found:
            return cls(session, found)
        # servers that keep all folders within the inbox (RFC 2342) refuse one beside it
        inside = next((folder.delimiter for folder in folders if folder.role == "inbox"), "") or "/"
        for name in ("Sent", f"INBOX{inside}Sent"):
            try:
                session.create_folder(name)
            except MailboxError as error:
                if error.code != "server_error":
                    raise
            else:
                return cls(session, name)
        raise MailboxError("server_error", "There is no folder for sent mail, and none can be made.")

    @property
    def is_filled_by_server(self) -> bool:
        """Whether the server itself puts into it what leaves by its SMTP server."""
        return self.session.is_gmail or self.session.settings.host.lower().endswith(_MICROSOFT)

    def has_message(self, message_ids: Sequence[str]) -> bool:
        """Whether a message with one of these Message-IDs is in it.

        Microsoft's servers put one of their own in its place, and keep what it was in a field beside it.
        """
        self.session.examine(self.name)
        keys = [
            ("HEADER", field, message_id)
            for field in ("Message-ID", "X-Microsoft-Original-Message-ID")
            for message_id in message_ids
        ]
        return bool(self.session.search(any_of(keys)))

    def append(self, message: bytes) -> None:
        """Put a message into it, as one that was read."""
        self.session.append(self.name, message, ["\\Seen"])
