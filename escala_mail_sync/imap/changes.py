"""What happened to messages that were read before: their flags, and whether they are there still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .folder_sync import clean_flags
from .session import FolderStatus, ImapSession


@dataclass
class Changes:
    """``flags`` by UID, of messages whose flags may have changed; ranges of UIDs that are gone, ends included."""

    flags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    vanished: list[tuple[int, int]] = field(default_factory=list)


def read_changes(session: ImapSession, status: FolderStatus, modseq: int) -> Changes:
    """What the server says has changed in the folder opened last since a mod-sequence.

    :raises MailboxError: the connection or the server fails
    """
    if status.uidnext <= 1:
        return Changes()
    answers, vanished = session.fetch_changed(1, status.uidnext - 1, modseq)
    flags = {uid: clean_flags(data[b"FLAGS"]) for uid, data in answers.items() if b"FLAGS" in data}
    return Changes(flags, vanished)


def look_at(session: ImapSession, uids: Sequence[int]) -> Changes:
    """The flags of these messages; those that the server does not name are gone.

    For servers that do not tell what changed.

    :raises MailboxError: the connection or the server fails
    """
    answers = session.fetch(uids, ["FLAGS"])
    return Changes(
        flags={uid: clean_flags(data[b"FLAGS"]) for uid, data in answers.items() if b"FLAGS" in data},
        vanished=[(uid, uid) for uid in uids if uid not in answers],
    )
