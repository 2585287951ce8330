"""How far back a mailbox is read, and the history with an address that becomes known later."""

import logging
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command, fields, models

from ..imap.errors import MailboxError
from ..imap.folder_sync import HeaderBatch, fetch_headers
from ..imap.history import HistoryWindow
from ..imap.session import ImapSession, any_of
from ..sync_run import FolderRun, SyncRun
from .escala_mailbox_folder import ALL_TIME

_logger = logging.getLogger(__name__)

SPANS = {
    "now": timedelta(0),
    "3d": timedelta(days=3),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
# Going through all headers once more is cheaper from here on than to search for each address.
SEARCH_UP_TO = 200
ADDRESSES_IN_A_COMMAND = 10
HEADERS_AT_ONCE = 200
MESSAGES_AT_ONCE = 2000
# As SEARCH names them (RFC 3501, section 6.4.4).
ADDRESS_FIELDS = (("FROM",), ("TO",), ("CC",), ("BCC",), ("HEADER", "Reply-To"))


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _get_history_start(self) -> datetime:
        """Return the moment (naive UTC) from which on mail is brought in."""
        self.ensure_one()
        if self.history == "all":
            return datetime.combine(ALL_TIME, time())
        if self.history == "since" and self.history_since:
            return datetime.combine(self.history_since, time())
        connected_on = self.connected_on or fields.Datetime.now()
        return connected_on - SPANS.get(self.history, timedelta(0))

    def _read_requested_history(self, run: SyncRun) -> None:
        """Bring in and link the mail with addresses that somebody got since; within the mailbox's history.

        What is here already is linked without the server. The rest is found by its SEARCH, or, for many
        addresses, on going through the history once more.
        """
        requests = self._get_requests()
        while requests and len(requests) <= SEARCH_UP_TO:
            emails = requests.mapped("email")
            self._commit()
            found = [(folder, self._find_mail_with(run, folder, emails)) for folder in run.folders]
            if any(len(uids) > MESSAGES_AT_ONCE for _folder, uids in found):
                break  # reading the history again is taken up where it was left, this is not
            for folder, uids in found:
                with run.timed(folder):
                    if uids and run.open(folder):
                        self._read(run, folder, self._get_batches_of(run.session, folder, uids))
            self._lock(run.connection)
            self._link_mail_with(emails)
            self._note_done(run, requests)
            self._commit()
            requests = self._get_requests()
        if requests:
            self._read_all_again(run)
        self._commit()

    def _get_requests(self, limit: int | None = SEARCH_UP_TO + 1):
        return self.env["escala.history.request"]._get_pending(self, limit)

    def _read_all_again(self, run: SyncRun) -> None:
        self._commit()
        self._lock(run.connection)
        requests = self._get_requests(limit=None)
        self._link_mail_with(requests.mapped("email"))
        since = self._get_history_start().date()
        for folder in run.folders:
            if folder.is_readable:
                folder.folder._read_history_again(since)
                folder.cursor = folder.folder._get_cursor()
                folder.window = folder.folder._get_history_window()
        self._note_done(run, requests)

    def _note_done(self, run: SyncRun, requests) -> None:
        """Note that the mailbox was searched; folders that could not be are gone through whole when they can be."""
        requests.exists().write({"done_mailbox_ids": [Command.link(self.id)]})
        searched = {folder.folder for folder in run.folders if folder.is_readable}
        others = self.folder_ids.filtered(lambda folder: folder.uidvalidity and folder not in searched)
        others._read_history_again(self._get_history_start().date())

    def _find_mail_with(self, run: SyncRun, folder: FolderRun, emails: list[str]) -> list[int]:
        """Return the UIDs of the messages of a folder that are from or to these addresses and not here yet."""
        if not (folder.is_readable and run.open(folder)):
            return []
        window = HistoryWindow(run.history_start.date() if run.history_start.date() > ALL_TIME else None)
        uids: set[int] = set()
        for start in range(0, len(emails), ADDRESSES_IN_A_COMMAND):
            some = emails[start : start + ADDRESSES_IN_A_COMMAND]
            uids.update(self._search_mail_with(run.session, window, some))
        known = folder.folder._get_known_uids(uids)
        self._commit()
        return sorted((uid for uid in uids - known if uid <= folder.cursor.high_uid), reverse=True)

    def _search_mail_with(self, session: ImapSession, window: HistoryWindow, emails: list[str]) -> list[int]:
        """SEARCH for all addresses at once; if the server refuses, one by one, without those it does not take.

        Some servers know no character set but ASCII, or no search of that length.
        """
        try:
            keys = [(*field, email) for email in emails for field in ADDRESS_FIELDS]
            return session.search([*window.criteria(), *any_of(keys)])
        except MailboxError as error:
            if error.code != "server_error":
                raise
            if len(emails) == 1:
                _logger.info("Mailbox %s: the server refuses to search for an address", self.id)
                return []
        return [uid for email in emails for uid in self._search_mail_with(session, window, [email])]

    def _get_batches_of(self, session: ImapSession, folder: FolderRun, uids: list[int]):
        for start in range(0, len(uids), HEADERS_AT_ONCE):
            part = uids[start : start + HEADERS_AT_ONCE]
            yield HeaderBatch(folder.cursor, fetch_headers(session, part), "")

    def _link_mail_with(self, emails: list[str]) -> None:
        """Link the mail of this mailbox that is here already with whom these addresses belong to by now."""
        if not self.link_to_crm:
            return
        classifier = self.env["escala.email.classifier"]
        wanted = set(emails) - classifier._get_addresses_to_leave_out(self)
        wanted -= classifier._find_addresses_of_odoo(wanted)
        wanted -= self.env["escala.mailbox.exclusion"]._find_excluded(self, wanted)
        known = classifier._find_records(self, wanted)
        by_links = defaultdict(self.env["escala.email"].browse)
        for email, addresses in self.env["escala.email"]._find_with_addresses(self, known).items():
            partner_ids, lead_ids = set(), set()
            for address in addresses:
                partner_ids |= known[address][0]
                lead_ids |= known[address][1]
            by_links[frozenset(partner_ids), frozenset(lead_ids)] += email
        for (partner_ids, lead_ids), linked in by_links.items():
            linked._link_by_matching(partner_ids, lead_ids)
