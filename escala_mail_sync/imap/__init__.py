"""Read mailboxes over IMAP without changing anything in them. Imports nothing from Odoo."""

from .errors import MailboxError, translated_errors
from .folder_sync import (
    FetchedHeader,
    FolderCursor,
    HeaderBatch,
    fetch_bodies,
    new_headers,
)
from .session import FolderStatus, ImapSession, RemoteFolder, ServerSettings

__all__ = [
    "FetchedHeader",
    "FolderCursor",
    "FolderStatus",
    "HeaderBatch",
    "ImapSession",
    "MailboxError",
    "RemoteFolder",
    "ServerSettings",
    "fetch_bodies",
    "new_headers",
    "translated_errors",
]
