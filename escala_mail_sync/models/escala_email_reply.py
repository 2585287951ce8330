"""A reply to a message that Odoo sent goes to that message's document, as if it had come by the mail gateway."""

import logging
import re
from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import email_normalize, email_normalize_all

from ..private_log import outline
from ..transactions import is_of_the_machine
from .escala_email_importer import AS_RECEIVED

_logger = logging.getLogger(__name__)

OWN_IMAGE = re.compile(r"/web/image/([0-9]{1,10})\b")
# Odoo's mark on what it answers to a flood of messages (mail/models/mail_thread.py, _detect_loop_headers).
LOOP_MARK = "-loop-detection-bounce-email@"


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _post_replies(self, mailbox) -> None:
        """Post those of these new e-mails that answer a message of Odoo's, each once, on its document.

        What comes by the mail gateway too is known there by its Message-ID, whichever of the two is first:
        see also `mail.thread.message_route`. Only the posting is done one by one, as it notifies people.
        """
        replies = self._find_replies() if mailbox.link_to_crm else {}
        if not replies:
            return
        message_ids = {email.message_id for email in replies if email.message_id}
        self.env["contact.address.claim"]._claim(message_ids)
        known = self.env["mail.message"].search([("message_id", "in", list(message_ids))])
        posted = set(known.mapped("message_id"))
        for email, parent in replies.items():
            if email.message_id not in posted:
                email._post_reply_safely(parent)
                posted |= {email.message_id} & message_ids
        self._send_notifications_soon()

    def _find_replies(self) -> dict:
        """Map those e-mails that answer a message of Odoo's to that message.

        Anybody can write anything into References, so the sender must be somebody to whom that message, or the
        document's mail at large, goes. Automatic mail is never posted: it could be answered automatically.
        """
        candidates = {
            email: email.references.split()
            for email in self
            if email.direction == "in"
            and email.references
            and not (email.is_automatic or email.is_history or LOOP_MARK in email.references)
        }
        messages = self._find_messages_of_odoo({name for names in candidates.values() for name in names})
        addressees = messages._get_addressees() if messages else {}
        by_message_id = messages.grouped("message_id")
        replies = {}
        for email, names in candidates.items():
            for name in (email.in_reply_to, *reversed(names)):
                parents = by_message_id.get(name, messages.browse()).filtered(
                    lambda message, sender=email.sender_email: sender in addressees[message.id]
                )
                if parents:
                    replies[email] = parents[0]
                    break
        return self._leave_out_floods(replies)

    def _find_messages_of_odoo(self, message_ids: set[str]):
        """Find what Odoo wrote on documents that take replies and still exist, the latest first."""
        messages = self.env["mail.message"].search(
            [
                ("message_id", "in", list(message_ids)),
                ("model", "not in", [False, self._name]),
                ("res_id", "!=", False),
                ("message_type", "!=", "email"),
                ("reply_to_force_new", "=", False),
            ],
            order="id desc",
        )
        found = messages.browse()
        for model, of_model in messages.grouped("model").items():
            if model in self.env and hasattr(self.env[model], "message_update"):
                documents = self.env[model].browse(of_model.mapped("res_id")).exists()
                found |= of_model.filtered(lambda message, ids=set(documents.ids): message.res_id in ids)
        return found.sorted("id", reverse=True)

    def _leave_out_floods(self, replies: dict) -> dict:
        """Leave out whom the mail gateway would take for a machine: too many messages on one document lately.

        As `_detect_loop_sender` (mail/models/mail_thread.py), which would also answer by e-mail.
        """
        if not replies:
            return replies
        # sudo: settings of the database
        get_param = self.env["ir.config_parameter"].sudo().get_param
        since = fields.Datetime.now() - timedelta(minutes=int(get_param("mail.gateway.loop.minutes", 120)))
        most = int(get_param("mail.gateway.loop.threshold", 20))
        parents = self.env["mail.message"].union(*replies.values())
        senders = {email.sender_email for email in replies}
        allowed = self.env["mail.gateway.allowed"].search([("email_normalized", "in", list(senders))])
        lately = self.env["mail.message"]._read_group(
            [
                ("model", "in", parents.mapped("model")),
                ("res_id", "in", parents.mapped("res_id")),
                ("message_type", "=", "email"),
                ("create_date", ">=", since),
            ],
            ["model", "res_id", "email_from"],
            ["__count"],
        )
        counts: Counter = Counter()
        for model, res_id, sender, count in lately:
            counts[model, res_id, email_normalize(sender or "")] += count
        kept = {}
        for email, parent in replies.items():
            place = parent.model, parent.res_id, email.sender_email
            if counts[place] < most or email.sender_email in allowed.mapped("email_normalized"):
                kept[email] = parent
                counts[place] += 1
        return kept

    def _post_reply_safely(self, parent) -> None:
        try:
            with self.env.cr.savepoint():
                self._post_reply(parent)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.error(
                "E-mail %s could not be posted on %s %s\n%s",
                self.id,
                parent.model,
                parent.res_id,
                outline(error),
            )

    def _post_reply(self, parent) -> None:
        """Post this e-mail as the mail gateway does (mail/models/mail_thread.py, message_process)."""
        # The notifications go out by the queue: no mailbox waits for a mail server.
        gateway = self.env["mail.thread"].with_context(mail_notify_force_send=False)
        values = self._prepare_gateway_values(parent)
        routes = [(parent.model, parent.res_id, None, self.env.uid, None)]
        values.update(gateway._message_parse_post_process(None, values, routes))
        gateway._message_route_process(None, values, routes)

    def _prepare_gateway_values(self, parent) -> dict:
        """Return what the gateway makes of a message (mail/models/mail_thread.py, message_parse)."""
        # sudo: addresses that are Odoo's own are not shown as recipients
        domains = self.env["mail.alias.domain"].sudo()
        to, cc = self.recipients or "", self.cc or ""
        aliases = domains._find_aliases(email_normalize_all(f"{to},{cc}"))
        sender = self.mail_message_id.email_from
        body, attachment_ids = self._copy_content(parent)
        return {
            "message_type": "email",
            "message_id": self.message_id,
            "subject": self.subject,
            "email_from": sender,
            "from": sender,
            "to": to,
            "cc": cc,
            "recipients": ",".join(filter(None, (to, cc))),
            "to_filtered": ",".join(a for a in email_normalize_all(to) if a not in aliases),
            "cc_filtered": ",".join(a for a in email_normalize_all(cc) if a not in aliases),
            "references": self.references,
            "in_reply_to": self.in_reply_to or "",
            "date": fields.Datetime.to_string(self.date),
            "body": body,
            "attachment_ids": attachment_ids,
            **self.env["mail.thread"]._message_parse_extract_from_parent(parent),
        }

    def _copy_content(self, parent) -> tuple[Markup, list[int]]:
        """Give the document attachments of its own: those of the e-mail are for who may read the e-mail."""
        originals = self.mail_message_id.attachment_ids
        copies = originals.with_context(**AS_RECEIVED).copy(
            {"res_model": parent.model, "res_id": parent.res_id}
        )
        by_original = dict(zip(originals.ids, copies, strict=True))

        def refer_to_copy(match: re.Match) -> str:
            copy = by_original.get(int(match[1]))
            if copy is None:
                return match[0]
            return f"/web/image/{copy.id}?access_token={copy.generate_access_token()[0]}"

        body = OWN_IMAGE.sub(refer_to_copy, self.mail_message_id.body or "")
        return Markup(body), copies.ids  # noqa: S704  it was sanitised when it was stored

    def _send_notifications_soon(self) -> None:
        # sudo: ir.cron is for administrators
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
