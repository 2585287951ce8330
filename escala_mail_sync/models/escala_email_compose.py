"""How a new e-mail, an answer or a forwarded one begins."""

import re
from email.utils import getaddresses

from markupsafe import Markup

from odoo import models
from odoo.tools import email_normalize, formataddr

from ..mime.addresses import names_another, split_shown_list

# What is quoted stays when the text above it is replaced.
QUOTED_CLASS = "o_escala_quoted"
QUOTE_STYLE = "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"
# What mail clients of several languages put before a subject.
ANSWER_PREFIX = re.compile(r"\s*(re|aw|sv|antw)\s*:", re.IGNORECASE)
FORWARD_PREFIX = re.compile(r"\s*(fwd?|rv|wg|tr|enc)\s*:", re.IGNORECASE)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def action_reply(self):
        """Open an answer to whoever wrote it, or to whom it was sent if it is one's own."""
        return self._open_answer(to=", ".join(self._get_reply_to()))

    def action_reply_all(self):
        """Open an answer to everybody whom it names, but for oneself."""
        to = self._get_reply_to()
        left_out = self._get_own_addresses() | {_normalize(address) for address in to}
        recipients, cc = (
            [address for address in _addresses(text) if address.lower() not in left_out]
            for text in ("" if self._is_own() else self.recipients, self.cc)
        )
        return self._open_answer(to=", ".join([*to, *recipients]), cc=", ".join(cc))

    def action_forward(self):
        """Open an e-mail with this one below, and with its files."""
        self.ensure_one()
        self.check_access("read")
        subject = self.subject or ""
        draft = self._create_draft(
            {
                "subject": subject if FORWARD_PREFIX.match(subject) else self.env._("Fwd: %s", subject),
                "body": self._get_forwarded_body(),
            }
        )
        # sudo: whoever may read the e-mail may read its files, and send them on in a draft of their own
        draft._take_along(self.sudo().attachment_ids)
        return draft._get_form_action()

    def _open_answer(self, to: str, cc: str = "") -> dict:
        self.ensure_one()
        self.check_access("read")
        subject = self.subject or ""
        draft = self._create_draft(
            {
                "to": to,
                "cc": cc,
                "subject": subject if ANSWER_PREFIX.match(subject) else self.env._("Re: %s", subject),
                "body": self._get_quoting_body(),
            }
        )
        # sudo: the field can be written by no user, only through here, for what they may read
        draft.sudo().answered_email_id = self
        return draft._get_form_action()

    def _create_draft(self, values: dict):
        """Create a draft that goes from the mailbox to which the e-mail came, if the user may send from it."""
        drafts = self.env["escala.email.outgoing"]
        # sudo: which mailboxes have it is shown to nobody; one is chosen of those that the user may send from
        email = self.sudo()
        mailboxes = (email.mailbox_message_ids.mailbox_id | email.sent_mailbox_id) & self.env[
            "escala.mailbox"
        ]._find_for_sending().sudo()
        mailbox = mailboxes.sorted(lambda mailbox: mailbox.kind != "personal")[:1]
        return drafts.create(
            {
                **({"mailbox_id": mailbox.id} if mailbox else {}),
                **self._get_document_values(),
                **values,
                "is_prefilled": True,
            }
        )

    def _get_document_values(self) -> dict:
        """Return the lead, or else the contact, that the e-mail is about, of those that the user may read."""
        lead = self.lead_ids[:1] if self.env["crm.lead"].has_access("read") else None
        document = lead or self.partner_ids[:1]
        return {"model": document._name, "res_id": document.id} if document else {}

    def _get_reply_to(self) -> list[str]:
        """Return to whom an answer goes; to oneself only if there is nobody else."""
        if self._is_own():
            addresses = _addresses(self.recipients)
        else:
            # sudo: whoever may read the e-mail may read where answers go
            pairs = getaddresses([self.sudo().mail_message_id.reply_to or self.sender_email])
            addresses = [
                formataddr(("" if names_another(name, address.lower()) else name, address))
                for name, address in pairs
            ]
        own = self._get_own_addresses()
        return [address for address in addresses if _normalize(address) not in own] or addresses

    def _is_own(self) -> bool:
        """Whether the user wrote it: what a colleague wrote is "sent" in the colleague's mailbox."""
        return self.sender_email in self._get_own_addresses()

    def _get_own_addresses(self) -> set[str]:
        user = self.env.user
        # sudo: of mailboxes that the user owns, or may send from, the addresses alone
        mailboxes = (
            self.env["escala.mailbox"]._find_own() | self.env["escala.mailbox"]._find_for_sending().sudo()
        )
        return {user.email_normalized, *mailboxes.mapped("email_normalized")} - {False}

    def _get_quoting_body(self) -> Markup:
        words = self.env._("On %(date)s, %(sender)s wrote:", date=self._get_date(), sender=self.sender)
        return self._get_beginning() + _quote(
            Markup('<p>%s</p><blockquote style="%s">%s</blockquote>') % (words, QUOTE_STYLE, self.body or "")
        )

    def _get_forwarded_body(self) -> Markup:
        lines = [
            (self.env._("From"), self.sender),
            (self.env._("Date"), self._get_date()),
            (self.env._("Subject"), self.subject),
            (self.env._("To"), self.recipients),
            (self.env._("Cc"), self.cc),
        ]
        header = Markup("<br>").join(Markup("<b>%s:</b> %s") % line for line in lines if line[1])
        title = self.env._("Forwarded e-mail")
        return self._get_beginning() + _quote(
            Markup("<p>---- %s ----</p><p>%s</p>%s") % (title, header, self.body or "")
        )

    def _get_beginning(self) -> Markup:
        return self.env["escala.email.outgoing"]._get_signature() or Markup("<p><br></p>")

    def _get_date(self) -> str:
        """Return it as the user's language writes it, without seconds."""
        formats = self.env["ir.qweb.field.datetime"]
        date = formats.value_to_html(self.date, {"format": "medium", "date_only": True})
        time = formats.value_to_html(self.date, {"format": "short", "time_only": True})
        return f"{date}, {time}"


def _quote(content: Markup) -> Markup:
    # apart from the signature, whatever that is made of
    return Markup('<div class="%s" style="margin-top: 1em">%s</div>') % (QUOTED_CLASS, content)


def _normalize(address: str) -> str:
    return email_normalize(address) or address.lower()


def _addresses(text: str | None) -> list[str]:
    """Return the addresses of a line that was made for people to read."""
    return [address for _name, address in split_shown_list(text) if "@" in address]
