"""From a batch of headers to e-mails in the database: fetch the bodies that are kept, parse, create in bulk.

The steps stand here; what they do to the ledger, to leads and to e-mails stands in escala_email_importer_*.py.
"""

from __future__ import annotations

import base64
import logging
import traceback
from datetime import datetime

from odoo import api, models
from odoo.fields import Domain

from ..imap.errors import MailboxError
from ..imap.folder_sync import FetchedHeader, HeaderBatch, fetch_bodies
from ..imap.session import ImapSession
from ..mime import ParseError, parse_email, parse_headers
from ..private_log import outline, quiet_about_mail
from ..sync_report import SyncReport
from ..transactions import is_of_the_machine, unique_elsewhere
from .escala_email_item import Item
from .escala_email_thread import REFERENCE_INDEX

_logger = logging.getLogger(__name__)

# What two workers may store at the same moment.
UNIQUE = ("escala_email_one_row_per_content", REFERENCE_INDEX)
# What a synchronised record must not trigger: notes in the chatter, followers, mails to somebody.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}
# Files of strangers are served as plain text when they are HTML or SVG, and kept to the byte when they are images
# (base/models/ir_attachment.py); of a long text the beginning can be searched.
AS_RECEIVED = {"attachments_mime_plainxml": True, "image_no_postprocess": True, "index_beginning": True}


class EscalaEmailImporter(models.AbstractModel):
    _name = "escala.email.importer"
    _description = "E-mail Importer"

    @api.model
    def _select(self, folder, batch: HeaderBatch, too_old: datetime) -> tuple[list[Item], SyncReport]:
        """Decide by the headers which messages of a batch to fetch, and count the others.

        :param too_old: leave out what the server got before this moment (naive UTC)
        """
        report = SyncReport(folder.mailbox_id.display_name, folder.path, seen=len(batch.headers))
        known = self._find_in_ledger(folder, batch)
        items = [self._make_item(header) for header in batch.headers if header.uid not in known]
        moved = self._find_moved(folder, batch.cursor.uidvalidity, items)
        report.known = len(known) + len(moved)
        fresh = [item for item in items if not item.is_moved]
        recent = [item for item in fresh if (item.fetched.internal_date or too_old) >= too_old]
        report.ignored["too_old"] += len(fresh) - len(recent)
        recent.sort(key=lambda item: item.fetched.uid)  # the first message of somebody makes the lead
        return moved + self._decide(folder, recent, report), report

    def _make_item(self, header: FetchedHeader) -> Item:
        item = Item(header, parse_headers(header.header))
        if header.refused:
            item.reason, item.detail = "not_served", header.refused
        return item

    def _decide(self, folder, items: list[Item], report: SyncReport) -> list[Item]:
        """Return the items that are brought in, each with whom it concerns; those refused by the server pass."""
        readable = [item for item in items if item.reason != "not_served"]
        headers = [item.parsed.headers if item.parsed else item.headers for item in readable]
        decisions = self.env["escala.email.classifier"]._classify(folder.mailbox_id, headers, folder.role)
        for item, decision in zip(readable, decisions, strict=True):
            item.decision = decision
            if decision.ignored:
                report.ignored[decision.ignored] += 1
        return [item for item in items if not (item.decision and item.decision.ignored)]

    @api.model
    @quiet_about_mail()
    def _store_again(self, mailbox, rows) -> None:
        """Try to store messages in quarantine from the bytes that were kept of them."""
        for folder, of_folder in rows.grouped("folder_id").items():
            for uidvalidity, renewed in of_folder.grouped("uidvalidity").items():
                items = []
                for row in renewed.with_context(bin_size=False):
                    raw = base64.b64decode(row.raw)
                    fetched = FetchedHeader(
                        row.uid,
                        tuple((row.flags or "").split()),
                        row.internal_date,
                        row.size,
                        raw,
                        row.gmail_id,
                    )
                    items.append(self._parse(Item(fetched, parse_headers(raw)), raw))
                self._store(folder, uidvalidity, items)

    def _read(self, items: list[Item], session: ImapSession) -> list[Item]:
        """Fetch and parse the bodies; a message that is gone from the server meanwhile is left out."""
        wanted = {item.fetched.uid: item for item in items if item.is_wanted}
        present = [item for item in items if not item.is_wanted]
        for uid, raw in fetch_bodies(session, [item.fetched for item in wanted.values()]):
            item = wanted[uid]
            if isinstance(raw, MailboxError):
                item.reason, item.detail = "not_served", raw.detail
            else:
                self._parse(item, raw)
            present.append(item)
        return present

    def _parse(self, item: Item, raw: bytes) -> Item:
        item.raw = raw
        try:
            item.parsed = parse_email(raw)
        except ParseError as error:
            item.reason, item.detail = error.code, str(error)
        return item

    @api.model
    def _store(self, folder, uidvalidity: int, items: list[Item]) -> SyncReport:
        """Store items that have been read; the caller commits, together with the folder's cursor.

        They are decided upon once more: the bodies tell more than the headers, and while they were fetched
        another worker may have made a lead of the same sender. All are stored at once; if the database refuses,
        one by one, so that only the culprit is set aside.
        """
        report = SyncReport(folder.mailbox_id.display_name, folder.path)
        moved = [item for item in items if item.is_moved]
        read = sorted((item for item in items if not item.is_moved), key=lambda item: item.fetched.uid)
        if folder.role == "sent":
            self._recognise_sent_here(folder.mailbox_id, read)
        self._restore_senders(folder.mailbox_id, read)
        items = self._decide(folder, self._leave_out_removed(folder.mailbox_id, read, report), report)
        readable = [item for item in items if item.parsed]
        leads: dict[str, int] = {}
        try:
            rows = self._create_emails(folder.mailbox_id, readable, leads)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.info("Folder %s: a batch is stored one by one\n%s", folder.id, outline(error))
            rows = self._create_one_by_one(folder.mailbox_id, readable, leads)
        failed = [item for item in items if item.reason]
        self._write_ledger(folder, uidvalidity, rows, failed, moved)
        kept = set(items)
        self._forget_failures(folder, uidvalidity, [item for item in read if item not in kept])
        report.linked += len(rows)
        report.leads += len(leads)
        report.quarantined.update(item.reason for item in failed)
        new_ids = [email_id for item, email_id in rows if item.is_new]
        self.env["escala.email"].browse(new_ids)._handle_received(folder.mailbox_id)
        return report

    def _create_one_by_one(self, mailbox, items: list[Item], leads: dict[str, int]) -> list[tuple[Item, int]]:
        rows = []
        for item in items:
            try:
                rows += self._create_emails(mailbox, [item], leads)
            except Exception as error:
                if is_of_the_machine(error):
                    raise
                item.reason = "not_storable"
                item.detail = "".join(traceback.format_exception(error))
        return rows

    def _create_emails(self, mailbox, items: list[Item], leads: dict[str, int]) -> list[tuple[Item, int]]:
        """Create e-mails, leads, bodies and attachments in one savepoint; return each item's e-mail id.

        `leads` maps the senders that got a lead in this batch to it, and is extended by the new ones.
        """
        with unique_elsewhere(*UNIQUE), self.env.cr.savepoint():
            email_ids = self._find_by_content(items)
            fresh = {key: item for key, item in self._keyed(items) if key not in email_ids}
            # A folder that is numbered anew must not bring back leads that somebody closed or deleted.
            new_leads = self._create_leads(mailbox, list(fresh.values()), leads)
            by_sender = leads | new_leads
            self._add_links(
                [(email_ids[key], item) for key, item in self._keyed(items) if key in email_ids], by_sender
            )
            emails = self._create_envelopes(mailbox, list(fresh.values()), by_sender)
            (emails | self._find_new_here(mailbox, email_ids))._share_with_conversation(mailbox)
            self._create_messages(emails, [item.parsed for item in fresh.values()])
            self._note_origins(emails, list(fresh.values()), new_leads)
            self.env.flush_all()
            self.env["escala.email.vcards"]._register_attached(
                mailbox, [item.parsed for item in fresh.values()]
            )
        for item in fresh.values():
            item.is_new = True
        leads |= new_leads
        email_ids |= dict(zip(fresh, emails.ids, strict=True))
        return [(item, email_ids[key]) for key, item in self._keyed(items)]

    def _find_new_here(self, mailbox, email_ids: dict[str, int]):
        """Return those e-mails, known from other mailboxes, of which this one has no copy yet."""
        known = self.env["escala.email"].browse(email_ids.values())
        return (
            known - known.search(Domain("id", "in", known.ids) & known._in_mailboxes(mailbox))
            if known
            else known
        )

    def _keyed(self, items: list[Item]) -> list[tuple[str, Item]]:
        return [(item.parsed.content_key, item) for item in items]
