"""From a batch of headers to e-mails in the database: fetch the bodies that are kept, parse, create in bulk."""

from __future__ import annotations

import base64
import logging
import re
import traceback
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import formataddr, plaintext2html

from ..imap.errors import MailboxError
from ..imap.folder_sync import FetchedHeader, HeaderBatch, fetch_bodies
from ..imap.session import ImapSession
from ..mime import Address, Headers, ParsedEmail, ParseError, parse_email, parse_headers
from ..sync_report import SyncReport
from ..transactions import is_of_the_machine, unique_elsewhere
from .escala_email_classifier import Decision
from .escala_email_thread import Ancestry
from .escala_mailbox_message import MAX_TRIES, make_fingerprint

_logger = logging.getLogger(__name__)

CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)
# What two workers may store at the same moment.
UNIQUE = ("escala_email_one_row_per_content", "escala_email_reference_one_thread_per_message_id")
PASSING_REASONS = ("not_served", "not_storable")
SUBJECT_LIMIT = 500  # characters; what a list shows, the whole stays in the message
REFERENCES_LIMIT = 32  # mail/models/mail_thread.py, message_route
# What a synchronised record must not trigger: notes in the chatter, followers, mails to somebody.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}
# Files of strangers are served as plain text when they are HTML or SVG, and kept to the byte when they are images
# (base/models/ir_attachment.py).
AS_RECEIVED = {"attachments_mime_plainxml": True, "image_no_postprocess": True}


@dataclass
class Item:
    """One message on its way: on the server, then decided upon, then read, or not readable.

    `row_id` is its row in the ledger, if it is there already: from another folder, under another number, or from
    an earlier try. `is_moved`: that row only has to follow it.
    """

    fetched: FetchedHeader
    headers: Headers
    decision: Decision | None = None
    raw: bytes = b""
    parsed: ParsedEmail | None = None
    reason: str = ""
    detail: str = ""
    is_new: bool = False  # and not a copy of an e-mail that was here before
    row_id: int = 0
    is_moved: bool = False

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


class EscalaEmailImporter(models.AbstractModel):
    _name = "escala.email.importer"
    _description = "E-mail Importer"

    @api.model
    def _select(
        self, folder, batch: HeaderBatch, too_old: datetime | None = None
    ) -> tuple[list[Item], SyncReport]:
        """Decide by the headers which messages of a batch to fetch, and count the others.

        :param too_old: leave out what the server got before this moment (naive UTC)
        """
        report = SyncReport(folder.mailbox_id.display_name, folder.path, seen=len(batch.headers))
        known = self._find_in_ledger(folder, batch)
        items = [self._make_item(header) for header in batch.headers if header.uid not in known]
        moved = self._find_moved(folder, batch.cursor.uidvalidity, items)
        report.known = len(known) + len(moved)
        fresh = [item for item in items if not item.is_moved]
        if too_old:
            recent = [item for item in fresh if (item.fetched.internal_date or too_old) >= too_old]
            report.ignored["too_old"] += len(fresh) - len(recent)
            fresh = recent
        fresh.sort(key=lambda item: item.fetched.uid)  # the first message of somebody makes the lead
        return moved + self._decide(folder, fresh, report), report

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

    def _find_in_ledger(self, folder, batch: HeaderBatch) -> set[int]:
        rows = self.env["escala.mailbox.message"].search_fetch(
            [
                ("folder_id", "=", folder.id),
                ("uidvalidity", "=", batch.cursor.uidvalidity),
                ("uid", "in", [header.uid for header in batch.headers]),
            ],
            ["uid"],
        )
        return set(rows.mapped("uid"))

    def _find_moved(self, folder, uidvalidity: int, items: list[Item]) -> list[Item]:
        """Return the items whose row is there already, under the name that they had before, and mark them so.

        They come from another folder that they are gone from, or the server has numbered the folder anew.
        """
        dates = {item.fetched.internal_date for item in items} - {None}
        if not dates:
            return []
        rows = self.env["escala.mailbox.message"].search(
            [
                ("mailbox_id", "=", folder.mailbox_id.id),
                ("internal_date", "in", list(dates)),
                "|",
                ("gone", "=", True),
                "&",
                ("folder_id", "=", folder.id),
                ("uidvalidity", "!=", uidvalidity),
            ]
        )
        by_fingerprint = defaultdict(list)
        for row in rows.sorted("id"):
            by_fingerprint[row._get_fingerprint()].append(row.id)
        moved = []
        for item in items:
            candidates = by_fingerprint[item.fingerprint]
            if candidates:
                item.row_id, item.is_moved = candidates.pop(0), True
                moved.append(item)
        return moved

    # Messages that could not be read or stored

    def _get_failed_uids(self, folder, limit: int) -> list[int]:
        rows = self.env["escala.mailbox.message"].search(
            [
                ("folder_id", "=", folder.id),
                ("uidvalidity", "=", folder.uidvalidity),
                ("state", "=", "failed"),
                ("gone", "=", False),
            ],
            order="tries, id",
            limit=limit,
        )
        return rows.mapped("uid")

    @api.model
    def _store_again(self, mailbox, rows) -> None:
        """Try to store messages in quarantine from the bytes that were kept of them."""
        for folder, of_folder in rows.grouped("folder_id").items():
            for uidvalidity, renewed in of_folder.grouped("uidvalidity").items():
                items = []
                for row in renewed.with_context(bin_size=False):
                    raw = base64.b64decode(row.raw)
                    fetched = FetchedHeader(
                        row.uid, tuple((row.flags or "").split()), row.internal_date, row.size, raw
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
        read = items = sorted(
            (item for item in items if not item.is_moved), key=lambda item: item.fetched.uid
        )
        items = self._leave_out_removed(folder.mailbox_id, items, report)
        items = self._decide(folder, items, report)
        readable = [item for item in items if item.parsed]
        leads: dict[str, int] = {}
        try:
            rows = self._create_emails(folder, readable, leads)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.info("Folder %s: a batch is stored one by one", folder.id, exc_info=True)
            rows = self._create_one_by_one(folder, readable, leads)
        failed = [item for item in items if item.reason]
        self._write_ledger(folder, uidvalidity, rows, failed, moved)
        left_out = [item for item in read if item not in items]
        # What could not be read at first turns out to be nothing to be brought in.
        self.env["escala.mailbox.message"].union(
            *self._find_rows(folder, uidvalidity, left_out).values()
        ).unlink()
        report.linked += len(rows)
        report.leads += len(leads)
        report.quarantined.update(item.reason for item in failed)
        new_ids = [email_id for item, email_id in rows if item.is_new]
        self.env["escala.email"].browse(new_ids)._handle_received(folder.mailbox_id)
        return report

    def _leave_out_removed(self, mailbox, items: list[Item], report: SyncReport) -> list[Item]:
        """Return the items without those that somebody removed from this mailbox in Odoo.

        A copy comes again in another folder, or under another number when the server counts anew.
        """
        removed = self.env["escala.mailbox.message"]._find_removed(
            mailbox, [item.parsed.content_key for item in items if item.parsed]
        )
        kept = [item for item in items if not item.parsed or item.parsed.content_key not in removed]
        report.ignored["removed"] += len(items) - len(kept)
        return kept

    def _write_ledger(
        self, folder, uidvalidity: int, stored: list[tuple[Item, int]], failed: list[Item], moved: list[Item]
    ) -> None:
        """Note what became of each message, in one row per message."""
        ledger = self.env["escala.mailbox.message"]
        rows = self._find_rows(folder, uidvalidity, failed + [item for item, _id in stored])
        to_create = []
        for item, values in (
            *((item, self._prepare_ledger_values(folder, uidvalidity, item, id_)) for item, id_ in stored),
            *(
                (item, self._prepare_failure_values(folder, uidvalidity, item, rows.get(item.fetched.uid)))
                for item in failed
            ),
        ):
            row = rows.get(item.fetched.uid)
            if row:
                row.write(values)
            else:
                to_create.append(values)
        ledger.create(to_create)
        handled = ledger.browse()
        for item in moved:
            row = ledger.browse(item.row_id)
            handled += self._follow(row, folder, uidvalidity, item)
        handled.email_id._handle_seen()

    def _find_rows(self, folder, uidvalidity: int, items: list[Item]) -> dict:
        """Map UIDs to the rows of earlier tries."""
        rows = self.env["escala.mailbox.message"].search(
            [
                ("folder_id", "=", folder.id),
                ("uidvalidity", "=", uidvalidity),
                ("uid", "in", [item.fetched.uid for item in items]),
            ]
        )
        return {row.uid: row for row in rows}

    def _follow(self, row, folder, uidvalidity: int, item: Item):
        """Let a row follow its message; return it if the message has been read or answered meanwhile."""
        values = row._prepare_flag_values(item.fetched.flags)
        is_handled = (values["seen"] and not row.seen) or (values["answered"] and not row.answered)
        row.write(
            {
                **values,
                "folder_id": folder.id,
                "uidvalidity": uidvalidity,
                "uid": item.fetched.uid,
                "gone": False,
                "gone_settled": False,
            }
        )
        return row if is_handled else row.browse()

    def _create_one_by_one(self, folder, items: list[Item], leads: dict[str, int]) -> list[tuple[Item, int]]:
        rows = []
        for item in items:
            try:
                rows += self._create_emails(folder, [item], leads)
            except Exception as error:
                if is_of_the_machine(error):
                    raise
                item.reason = "not_storable"
                item.detail = "".join(traceback.format_exception(error))
        return rows

    def _create_emails(self, folder, items: list[Item], leads: dict[str, int]) -> list[tuple[Item, int]]:
        """Create e-mails, leads, bodies and attachments in one savepoint; return each item's e-mail id.

        `leads` maps the senders that got a lead in this batch to it, and is extended by the new ones.
        """
        with unique_elsewhere(*UNIQUE), self.env.cr.savepoint():
            email_ids = self._find_by_content(items)
            fresh = {key: item for key, item in self._keyed(items) if key not in email_ids}
            # A folder that is numbered anew must not bring back leads that somebody closed or deleted.
            new_leads = self._create_leads(folder.mailbox_id, list(fresh.values()), leads)
            by_sender = leads | new_leads
            self._add_links(
                [(email_ids[key], item) for key, item in self._keyed(items) if key in email_ids], by_sender
            )
            emails = self._create_envelopes(folder, list(fresh.values()), by_sender)
            self._create_messages(emails, [item.parsed for item in fresh.values()])
            self._note_origins(emails, list(fresh.values()), new_leads)
            self.env.flush_all()
            self.env["escala.email.vcards"]._register_attached(
                folder.mailbox_id, [item.parsed for item in fresh.values()]
            )
        for item in fresh.values():
            item.is_new = True
        leads |= new_leads
        email_ids |= dict(zip(fresh, emails.ids, strict=True))
        return [(item, email_ids[key]) for key, item in self._keyed(items)]

    def _keyed(self, items: list[Item]) -> list[tuple[str, Item]]:
        return [(item.parsed.content_key, item) for item in items]

    def _find_by_content(self, items: list[Item]) -> dict[str, int]:
        """Map the content keys of messages that are here already, from whichever mailbox, to their e-mail."""
        emails = self.env["escala.email"].search_fetch(
            [("content_key", "in", [item.parsed.content_key for item in items])], ["content_key"]
        )
        return {email.content_key: email.id for email in emails}

    def _add_links(self, found: list[tuple[int, Item]], leads: dict[str, int]) -> None:
        """Link copies of e-mails that are here already with what this mailbox knows of."""
        for email_id, item in found:
            self.env["escala.email"].browse(email_id).write(self._prepare_link_values(item, leads))

    def _create_leads(self, mailbox, items: list[Item], leads: dict[str, int]) -> dict[str, int]:
        """Create one lead per unknown address, from the first message with it."""
        first: dict[str, tuple[Item, Address]] = {}
        for item in items:
            for address in item.decision.lead_for:
                if address.email not in leads:
                    first.setdefault(address.email, (item, address))
        if not first:
            return {}
        self.env["contact.address.claim"]._claim(first)
        users = mailbox._get_lead_users(list(first))
        common = {
            user_id: self._prepare_common_lead_values(mailbox, user_id) for user_id in {*users.values()}
        }
        values = [
            {**common[users[email]], **self._prepare_lead_values(item, address)}
            for email, (item, address) in first.items()
        ]
        created = self.env["crm.lead"].with_context(**QUIET).create(values)
        return dict(zip(first, created.ids, strict=True))

    def _note_origins(self, emails, items: list[Item], new_leads: dict[str, int]) -> None:
        """Remember which e-mail each new lead was made from: the first one that asked for it."""
        remaining = dict(new_leads)
        self.env["escala.lead.origin"]._record(
            [
                (remaining.pop(address.email), email.id)
                for email, item in zip(emails, items, strict=True)
                for address in item.decision.lead_for
                if address.email in remaining
            ]
        )

    def _create_envelopes(self, folder, items: list[Item], leads: dict[str, int]):
        threads = self.env["escala.email.thread"]._get_for_batch(
            [self._get_ancestry(folder.mailbox_id, item) for item in items]
        )
        return self.env["escala.email"].create(
            [
                {
                    **self._prepare_email_values(folder.mailbox_id, item),
                    **self._prepare_link_values(item, leads),
                    "thread_id": thread_id,
                }
                for item, thread_id in zip(items, threads, strict=True)
            ]
        )

    def _get_ancestry(self, mailbox, item: Item) -> Ancestry:
        """Return what ties a message to its conversation; Gmail's own name for it holds within an account."""
        headers = item.parsed.headers
        ancestors = dict.fromkeys((*headers.references, *headers.in_reply_to))
        ancestors.pop(headers.message_id, None)
        thread = item.fetched.gmail_thread
        return Ancestry(
            headers.message_id, tuple(ancestors), f"gmail:{mailbox.id}:{thread}" if thread else ""
        )

    def _create_messages(self, emails, parsed: list[ParsedEmail]) -> None:
        """Create bodies and attachments, all in two batches, and hang them on the e-mails."""
        attachments = self._create_attachments(emails, parsed)
        values = [
            self._prepare_message_values(email, content, files)
            for email, content, files in zip(emails, parsed, attachments, strict=True)
        ]
        messages = self.env["mail.message"].with_context(**QUIET, **AS_RECEIVED).create(values)
        for email, message in zip(emails, messages, strict=True):
            email.mail_message_id = message

    def _create_attachments(self, emails, parsed: list[ParsedEmail]) -> list:
        """Return the recordset of attachments of each e-mail."""
        model = self.env["ir.attachment"].with_context(**AS_RECEIVED)
        created = model.create(
            [
                {
                    "name": attachment.filename,
                    "raw": attachment.content,
                    "mimetype": attachment.mimetype,
                    "res_model": email._name,
                    "res_id": email.id,
                }
                for email, content in zip(emails, parsed, strict=True)
                for attachment in content.attachments
            ]
        )
        ids = iter(created.ids)
        return [model.browse([next(ids) for _attachment in content.attachments]) for content in parsed]

    def _prepare_email_values(self, mailbox, item: Item) -> dict:
        headers = item.parsed.headers
        date = headers.date or item.fetched.internal_date or fields.Datetime.now()
        return {
            "subject": headers.subject[:SUBJECT_LIMIT],
            "date": date,
            "direction": item.decision.direction,
            "sender": self._format_addresses([headers.sender]),
            "sender_email": headers.sender.email,
            "recipients": self._format_addresses(headers.to),
            "cc": self._format_addresses(headers.cc),
            "snippet": item.parsed.snippet,
            "is_automatic": bool(headers.automatic),
            # by the server's clock: the sender's may be wrong
            "is_history": bool(
                mailbox.connected_on and (item.fetched.internal_date or date) < mailbox.connected_on
            ),
            "attachment_count": len(item.parsed.attachments),
            "message_id": headers.message_id,
            "addresses": " ".join(self._get_addresses(headers)),
            "in_reply_to": (headers.in_reply_to or headers.references[-1:] or (False,))[0],
            "references": self._get_references(headers),
            "content_key": item.parsed.content_key,
        }

    def _get_addresses(self, headers: Headers) -> list[str]:
        """Return every address of the message, without names; one with a blank in it cannot be looked up."""
        everybody = (headers.sender, *headers.reply_to, *headers.to, *headers.cc, *headers.bcc)
        return [email for email in dict.fromkeys(each.email for each in everybody) if " " not in email]

    def _get_references(self, headers: Headers) -> str | bool:
        """Return the Message-IDs that a message names, no more than Odoo's mail gateway would look up."""
        named = dict.fromkeys((*headers.references, *headers.in_reply_to))
        return " ".join([*named][-REFERENCES_LIMIT:]) or False

    def _prepare_link_values(self, item: Item, leads: dict[str, int]) -> dict:
        lead_ids = item.decision.lead_ids | {
            leads[email] for email in item.decision.newcomers if email in leads
        }
        return {
            "partner_ids": [Command.link(id_) for id_ in sorted(item.decision.partner_ids)],
            "lead_ids": [Command.link(id_) for id_ in sorted(lead_ids)],
        }

    def _prepare_common_lead_values(self, mailbox, user_id: int | bool) -> dict:
        """Return what all leads of a mailbox for one user share.

        Odoo's own rules choose team and stage, once per batch and user.
        """
        use_leads = self.env.ref("base.group_user").all_implied_ids & self.env.ref("crm.group_use_lead")
        values = {
            "type": "lead" if use_leads else "opportunity",
            "user_id": user_id,
            "company_id": mailbox.company_id.id,
        }
        lead = self.env["crm.lead"].with_company(mailbox.company_id).new(values)
        return {**values, "team_id": lead.team_id.id, "stage_id": lead.stage_id.id}

    def _prepare_lead_values(self, item: Item, address: Address) -> dict:
        if item.decision.direction == "out":
            default = self.env._("E-mail to %s", address.email)
        else:
            default = self.env._("E-mail from %s", address.email)
        return {
            "name": item.parsed.headers.subject[:SUBJECT_LIMIT] or default,
            "email_from": address.email,
            "contact_name": address.name if address.name.lower() != address.email else False,
        }

    def _prepare_message_values(self, email, content: ParsedEmail, attachments) -> dict:
        sender = formataddr((content.headers.sender.name, content.headers.sender.email))
        return {
            "model": email._name,
            "res_id": email.id,
            "message_type": "email",
            "subtype_id": False,
            "author_id": False,  # a From that anybody can write must not make somebody its author
            "email_from": sender,
            "reply_to": sender,
            "subject": email.subject,
            "date": email.date,
            "body": self._get_body(content, attachments),
            "attachment_ids": [Command.set(attachments.ids)],
        }

    def _get_body(self, content: ParsedEmail, attachments) -> Markup | str:
        """Return the HTML to show; inline images (RFC 2392) point to their attachments."""
        if not content.html:
            return plaintext2html(content.text)
        urls = {
            part.content_id: f"/web/image/{attachment.id}"
            for part, attachment in zip(content.attachments, attachments, strict=True)
            if part.content_id
        }
        return CID.sub(lambda match: urls.get(unquote(match[1]), match[0]), content.html)

    def _prepare_ledger_values(self, folder, uidvalidity: int, item: Item, email_id: int) -> dict:
        return {
            "folder_id": folder.id,
            "uidvalidity": uidvalidity,
            "uid": item.fetched.uid,
            **self.env["escala.mailbox.message"]._prepare_flag_values(item.fetched.flags),
            "size": item.fetched.size,
            "subject": item.headers.subject[:SUBJECT_LIMIT],
            "message_id": item.headers.message_id,
            "gmail_id": item.fetched.gmail_id,
            "internal_date": item.fetched.internal_date,
            "email_id": email_id,
            "content_key": item.parsed.content_key if item.parsed else False,
            "state": "linked",
            "reason": False,
            "detail": False,
            "raw": False,
        }

    def _prepare_failure_values(self, folder, uidvalidity: int, item: Item, row) -> dict:
        """Return the values of a message that is tried again, or that is given up.

        What it cannot be read for will be the same next time; what the server or the database objects to may not.
        """
        tries = (row.tries if row else 0) + 1
        again = item.reason in PASSING_REASONS and tries < MAX_TRIES
        return {
            **self._prepare_ledger_values(folder, uidvalidity, item, False),
            "state": "failed" if again else "quarantined",
            "tries": tries,
            "reason": item.reason,
            "detail": item.detail,
            "raw": base64.b64encode(item.raw) if item.raw else False,
        }

    def _format_addresses(self, addresses: Iterable[Address]) -> str:
        """Return addresses for people to read; for machines the quotes of RFC 5322 would be missing."""
        return ", ".join(f"{a.name} <{a.email}>" if a.name else a.email for a in addresses)
