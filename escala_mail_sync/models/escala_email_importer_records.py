"""What an import makes of messages: envelopes, bodies and attachments, each created in bulk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import unquote

from markupsafe import Markup

from odoo import Command, fields, models
from odoo.tools import formataddr, plaintext2html

from ..mime import Address, Headers, ParsedEmail
from ..mime.backgrounds import keep_backgrounds
from ..mime.plain import html_to_text
from ..searching import make_tsvector
from .escala_email_importer import AS_RECEIVED, QUIET
from .escala_email_item import SUBJECT_LIMIT, Item
from .escala_email_thread import Ancestry

CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)
CLOCK_TOLERANCE = timedelta(minutes=5)
TIME_ZONES = timedelta(days=1)  # of senders that write their local time without its zone, or with a wrong one
REFERENCES_LIMIT = 32  # mail/models/mail_thread.py, message_route


class EscalaEmailImporter(models.AbstractModel):
    _inherit = "escala.email.importer"

    def _find_by_content(self, items: list[Item]) -> dict[str, int]:
        """Map the content keys of messages that are here already, from whichever mailbox, to their e-mail."""
        emails = self.env["escala.email"].search_fetch(
            [("content_key", "in", [item.parsed.content_key for item in items])], ["content_key"]
        )
        return {email.content_key: email.id for email in emails}

    def _add_links(self, found: list[tuple[int, Item]], leads: dict[str, int]) -> None:
        """Link copies of e-mails that are here already with what this mailbox knows of."""
        emails = self.env["escala.email"].browse(email_id for email_id, _item in found)
        for email, (_email_id, item) in zip(emails, found, strict=True):
            email._link_by_matching(item.decision.partner_ids, self._get_lead_ids(item, leads))
        emails._follow_sharing()  # somebody whose mail is hidden may be among those that it is linked with now

    def _create_envelopes(self, mailbox, items: list[Item], leads: dict[str, int]):
        threads = self.env["escala.email.thread"]._get_for_batch(
            [self._get_ancestry(mailbox, item) for item in items]
        )
        return self.env["escala.email"].create(
            [
                {
                    **self._prepare_email_values(mailbox, item),
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
        headers, received_on = item.parsed.headers, item.fetched.internal_date
        date = headers.date or received_on or fields.Datetime.now()
        if received_on and date > received_on + TIME_ZONES:
            date = received_on  # nobody's e-mail stays on top because it comes from the future
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
            # by the server's clock, which may be some minutes behind: the sender's may be wrong by any time
            "is_history": bool(
                mailbox.connected_on and (received_on or date) < mailbox.connected_on - CLOCK_TOLERANCE
            ),
            "attachment_count": len(item.parsed.attachments),
            "message_id": headers.message_id,
            "addresses": " ".join(self._get_addresses(headers)),
            "in_reply_to": (headers.in_reply_to or headers.references[-1:] or (False,))[0],
            "references": self._get_references(headers),
            "content_key": item.parsed.content_key,
            "words": self._get_words(item.parsed),
        }

    def _get_words(self, parsed: ParsedEmail) -> str:
        """Return what a search finds the message by; not who got it as Bcc."""
        headers = parsed.headers
        files = (attachment.filename for attachment in parsed.attachments)
        return make_tsvector(
            {
                "from": self._format_addresses([headers.sender]),
                "to": self._format_addresses((*headers.to, *headers.cc)),
                "subject": headers.subject,
                "body": "\n".join((parsed.text or html_to_text(parsed.html), *files)),
            }
        )

    def _get_addresses(self, headers: Headers) -> list[str]:
        """Return every address of the message, without names; one with a blank in it cannot be looked up."""
        everybody = (headers.sender, *headers.reply_to, *headers.to, *headers.cc, *headers.bcc)
        return [email for email in dict.fromkeys(each.email for each in everybody) if " " not in email]

    def _get_references(self, headers: Headers) -> str | bool:
        """Return the Message-IDs that a message names, no more than Odoo's mail gateway would look up."""
        named = dict.fromkeys((*headers.references, *headers.in_reply_to))
        return " ".join([*named][-REFERENCES_LIMIT:]) or False

    def _prepare_link_values(self, item: Item, leads: dict[str, int]) -> dict:
        return {
            "partner_ids": [Command.link(id_) for id_ in sorted(item.decision.partner_ids)],
            "lead_ids": [Command.link(id_) for id_ in sorted(self._get_lead_ids(item, leads))],
        }

    def _get_lead_ids(self, item: Item, leads: dict[str, int]) -> set[int]:
        return item.decision.lead_ids | {leads[email] for email in item.decision.newcomers if email in leads}

    def _prepare_message_values(self, email, content: ParsedEmail, attachments) -> dict:
        headers = content.headers
        return {
            "model": email._name,
            "res_id": email.id,
            "message_type": "email",
            "subtype_id": False,
            "author_id": False,  # a From that anybody can write must not make somebody its author
            "email_from": formataddr((headers.sender.name, headers.sender.email)),
            "reply_to": ", ".join(
                formataddr((a.name, a.email)) for a in headers.reply_to or (headers.sender,)
            ),
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
        html = keep_backgrounds(content.html)
        return CID.sub(lambda match: urls.get(unquote(match[1]), match[0]), html)

    def _format_addresses(self, addresses: Iterable[Address]) -> str:
        """Return addresses for people to read; for machines the quotes of RFC 5322 would be missing."""
        return ", ".join(f"{a.name} <{a.email}>" if a.name else a.email for a in addresses)
