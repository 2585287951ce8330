"""Read mailboxes over IMAP; nothing is changed in them that nobody asked for. Imports nothing from Odoo."""

from .changes import Changes, look_at, read_changes
from .errors import MailboxError, translated_errors
from .folder_sync import (
    FetchedHeader,
    FolderCursor,
    HeaderBatch,
    fetch_bodies,
    fetch_headers,
    new_headers,
)
from .history import HistoryWindow, history_headers
from .sent_folder import SentFolder
from .server_session import ServerSettings
from .session import FolderStatus, ImapSession, RemoteFolder

__all__ = [
    "Changes",
    "FetchedHeader",
    "FolderCursor",
    "FolderStatus",
    "HeaderBatch",
    "HistoryWindow",
    "ImapSession",
    "MailboxError",
    "RemoteFolder",
    "SentFolder",
    "ServerSettings",
    "fetch_bodies",
    "fetch_headers",
    "history_headers",
    "look_at",
    "new_headers",
    "read_changes",
    "translated_errors",
]
