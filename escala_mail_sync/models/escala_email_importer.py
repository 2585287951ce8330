"""From a batch of headers to e-mails in the database: fetch the bodies that are kept, parse, create in bulk."""

from __future__ import annotations

import base64
import logging
import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import formataddr, plaintext2html

from ..imap.folder_sync import FetchedHeader, HeaderBatch, fetch_bodies
from ..imap.session import ImapSession
from ..mime import Address, Headers, ParsedEmail, ParseError, parse_email, parse_headers
from ..sync_report import SyncReport
from ..transactions import is_of_the_machine, unique_elsewhere
from .escala_email_classifier import Decision

_logger = logging.getLogger(__name__)

CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)
SUBJECT_LIMIT = 500  # characters; what a list shows, the whole stays in the message
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
    """One message on its way: on the server, then decided upon, then read, or not readable."""

    fetched: FetchedHeader
    headers: Headers
    decision: Decision | None = None
    raw: bytes = b""
    parsed: ParsedEmail | None = None
    reason: str = ""
    detail: str = ""


class EscalaEmailImporter(models.AbstractModel):
    _name = "escala.email.importer"
    _description = "E-mail Importer"

    @api.model
    def _select(self, folder, batch: HeaderBatch) -> tuple[list[Item], SyncReport]:
        """Decide by the headers which messages of a batch to fetch, and count the others."""
        report = SyncReport(folder.mailbox_id.display_name, folder.path, seen=len(batch.headers))
        known = self._find_in_ledger(folder, batch)
        report.known = len(known)
        items = [
            Item(header, parse_headers(header.header)) for header in batch.headers if header.uid not in known
        ]
        return self._decide(folder.mailbox_id, items, report), report

    def _decide(self, mailbox, items: list[Item], report: SyncReport) -> list[Item]:
        """Return the items that are brought in, each with whom it concerns."""
        headers = [item.parsed.headers if item.parsed else item.headers for item in items]
        kept = []
        for item, decision in zip(
            items, self.env["escala.email.classifier"]._classify(mailbox, headers), strict=True
        ):
            item.decision = decision
            if decision.ignored:
                report.ignored[decision.ignored] += 1
            else:
                kept.append(item)
        return kept

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

    def _read(self, items: list[Item], session: ImapSession) -> list[Item]:
        """Fetch and parse the bodies; a message that is gone from the server meanwhile is left out."""
        by_uid = {item.fetched.uid: item for item in items}
        present = []
        for uid, raw in fetch_bodies(session, [item.fetched for item in items]):
            item = by_uid[uid]
            item.raw = raw
            try:
                item.parsed = parse_email(raw)
            except ParseError as error:
                item.reason, item.detail = error.code, str(error)
            present.append(item)
        return present

    @api.model
    def _store(self, folder, uidvalidity: int, items: list[Item]) -> SyncReport:
        """Store items that have been read; the caller commits, together with the folder's cursor.

        They are decided upon once more: the bodies tell more than the headers, and while they were fetched
        another worker may have made a lead of the same sender. All are stored at once; if the database refuses,
        one by one, so that only the culprit is set aside.
        """
        report = SyncReport(folder.mailbox_id.display_name, folder.path)
        items = self._leave_out_removed(folder.mailbox_id, items, report)
        items = self._decide(folder.mailbox_id, items, report)
        readable = [item for item in items if item.parsed]
        leads: dict[str, int] = {}
        try:
            rows = self._create_emails(folder, readable, leads)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.info("Folder %s: a batch is stored one by one", folder.id, exc_info=True)
            rows = self._create_one_by_one(folder, readable, leads)
        quarantined = [item for item in items if item.reason]
        self.env["escala.mailbox.message"].create(
            [
                *(
                    self._prepare_ledger_values(folder, uidvalidity, item, email_id)
                    for item, email_id in rows
                ),
                *(self._prepare_quarantine_values(folder, uidvalidity, item) for item in quarantined),
            ]
        )
        report.linked += len(rows)
        report.leads += len(leads)
        report.quarantined.update(item.reason for item in quarantined)
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
        with unique_elsewhere("escala_email_one_row_per_content"), self.env.cr.savepoint():
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
            self.env.flush_all()
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
        """Create one lead per unknown sender, from the first of their messages."""
        first: dict[str, Item] = {}
        for item in items:
            if item.decision.lead_for and item.decision.lead_for.email not in leads:
                first.setdefault(item.decision.lead_for.email, item)
        if not first:
            return {}
        self.env["contact.address.claim"]._claim(first)
        users = mailbox._get_lead_users(list(first))
        common = {
            user_id: self._prepare_common_lead_values(mailbox, user_id) for user_id in {*users.values()}
        }
        values = [
            {**common[users[email]], **self._prepare_lead_values(item)} for email, item in first.items()
        ]
        created = self.env["crm.lead"].with_context(**QUIET).create(values)
        return dict(zip(first, created.ids, strict=True))

    def _create_envelopes(self, folder, items: list[Item], leads: dict[str, int]):
        threads = self.env["escala.email.thread"]._get_for_batch([self._get_ancestry(item) for item in items])
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

    def _get_ancestry(self, item: Item) -> tuple[str, ...]:
        headers = item.parsed.headers
        chain = (*headers.references, *headers.in_reply_to, headers.message_id)
        return tuple(dict.fromkeys(filter(None, chain)))

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
            "recipient_emails": "\n".join(
                dict.fromkeys(each.email for each in (*headers.to, *headers.cc, *headers.bcc))
            ),
            "snippet": item.parsed.snippet,
            "is_automatic": bool(headers.automatic),
            "is_history": bool(mailbox.connected_on and date < mailbox.connected_on),
            "attachment_count": len(item.parsed.attachments),
            "message_id": headers.message_id,
            "content_key": item.parsed.content_key,
        }

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

    def _prepare_lead_values(self, item: Item) -> dict:
        sender = item.decision.lead_for
        return {
            "name": item.parsed.headers.subject[:SUBJECT_LIMIT] or self.env._("E-mail from %s", sender.email),
            "email_from": sender.email,
            "contact_name": sender.name or False,
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
            "flags": " ".join(item.fetched.flags),
            "size": item.fetched.size,
            "subject": item.headers.subject[:SUBJECT_LIMIT],
            "email_id": email_id,
            "content_key": item.parsed.content_key if item.parsed else False,
            "state": "linked",
        }

    def _prepare_quarantine_values(self, folder, uidvalidity: int, item: Item) -> dict:
        return {
            **self._prepare_ledger_values(folder, uidvalidity, item, False),
            "state": "quarantined",
            "reason": item.reason,
            "detail": item.detail,
            "raw": base64.b64encode(item.raw),
        }

    def _format_addresses(self, addresses: Iterable[Address]) -> str:
        """Return addresses for people to read; for machines the quotes of RFC 5322 would be missing."""
        return ", ".join(f"{a.name} <{a.email}>" if a.name else a.email for a in addresses)
