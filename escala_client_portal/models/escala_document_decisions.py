"""What is asked of clients about a document, and what they decide: approval, rejection, signature.

A decision names the content that it was made on by its SHA-256. What was replaced meanwhile, decided by somebody else
or withdrawn is refused. Two decisions at once write the same row; the database lets one through, and Odoo does the
other again, which then finds the document decided (odoo/service/model.py, retrying).
"""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_path, format_datetime
from odoo.tools.mimetypes import guess_mimetype

from ..documents.signature_page import UnsignablePdf, append_signature_page

ASKED = {"to_approve": "asked_approval", "to_sign": "asked_signature"}
# What says who decided what, and on which content: nobody's to write.
GUARDED = {
    "state",
    "signature",
    "signed_content",
    "decided_by",
    "decided_on",
    "rejection_reason",
    "checksum",
    "mimetype",
    "file_size",
    "uploaded_by",
    "from_client",
    "client_request_id",
}
# What is in the log of a document that nobody has worked with.
NO_WORK = ("uploaded", "shown", "hidden", "viewed", "downloaded")
SIGNATURE_TYPES = ("image/png", "image/jpeg", "image/webp")
CATEGORIES = {"to_approve": "approvals", "to_sign": "signatures"}
MAX_SIGNER_NAME = 200  # characters
# Latin, Greek and Cyrillic letters; Odoo's own reports are set in it.
SIGNATURE_PAGE_FONT = "web/static/fonts/google/Roboto/Roboto-Regular.ttf"


class EscalaDocument(models.Model):
    _inherit = "escala.document"

    state = fields.Selection(
        [
            ("none", "For information"),
            ("to_approve", "To approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("to_sign", "To sign"),
            ("signed", "Signed"),
        ],
        default="none",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    request_message = fields.Text(
        "Message", readonly=True, copy=False, help="What clients read with the request."
    )
    requested_on = fields.Datetime(readonly=True, copy=False)
    requested_by_id = fields.Many2one(
        "res.users", "Requested by", readonly=True, copy=False, groups="base.group_user"
    )
    deadline = fields.Date(readonly=True, copy=False, tracking=True)
    decided_on = fields.Datetime(readonly=True, copy=False)
    decided_by = fields.Char(readonly=True, copy=False)
    rejection_reason = fields.Text(readonly=True, copy=False, tracking=True)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    signed_content = fields.Binary(
        "Signed Copy",
        readonly=True,
        copy=False,
        attachment=True,
        help="The document with a page that shows the signature. The original stays as it was signed.",
    )
    signed_name = fields.Char(compute="_compute_signed_name")

    @api.depends("name")
    def _compute_signed_name(self):
        for document in self:
            original = (document.name or "").removesuffix(".pdf")
            document.signed_name = self.env._("%s (signed).pdf", original)

    def write(self, vals):
        """Keep the state in the hands of the methods below: users ask, clients decide."""
        self._check_not_guarded({*GUARDED, "account_id"} & vals.keys())
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        guarded = {name for vals in vals_list for name in GUARDED & vals.keys() if vals[name]} - {"state"}
        guarded |= {name for name in GUARDED if f"default_{name}" in self.env.context}
        if any(vals.get("state", "none") != "none" for vals in vals_list):
            guarded.add("state")
        self._check_not_guarded(guarded)
        return super().create(vals_list)

    def _check_not_guarded(self, names):
        if names and not self.env.su:
            raise UserError(
                self.env._("Request approval or a signature, or withdraw the request, by the buttons.")
            )

    def _check_replaceable(self):
        if self.filtered(lambda document: document.state in ("approved", "signed")):
            raise UserError(
                self.env._(
                    "A client has approved or signed this content. Upload the new version as another document, "
                    "or withdraw the request first."
                )
            )

    def _was_worked_with(self) -> bool:
        """Tell whether anybody has done more with it than file, see or show it: asked, linked, renamed, written."""
        self.ensure_one()
        # sudo: not everybody reads the log and the messages
        document = self.sudo()
        return bool(
            document.client_request_id
            or document.activity_ids
            or document.event_ids.filtered(lambda event: event.action not in NO_WORK)
            or document.message_ids.filtered(
                lambda message: message.message_type != "notification" or message.tracking_value_ids
            )
        )

    def _ask(self, state, message=None, deadline=None):
        """Ask the clients of the account to approve or to sign; also once more, after a rejection.

        :param str state: to_approve or to_sign
        :param str message: what clients read with it
        :param date deadline: until when; reminders go out before and on that day
        """
        self.check_access("write")
        if self.filtered(lambda document: document.state in ("approved", "signed")):
            raise UserError(
                self.env._("This document is approved or signed already. Withdraw the request first.")
            )
        # sudo: the state is nobody's to write, see write()
        self.sudo().write(
            {
                **self._undecided_values(),
                "state": state,
                "client_visible": True,
                "request_message": message,
                "requested_on": fields.Datetime.now(),
                "requested_by_id": self.env.uid,
                "deadline": deadline,
            }
        )
        self._log(ASKED[state], message)
        self._notify_clients_of_request()

    def action_withdraw(self):
        """Take a request back, or what was decided: the document is for information again. The log keeps it all."""
        self.check_access("write")
        asked = self.filtered(lambda document: document.state != "none")
        # sudo: the state is nobody's to write, see write()
        asked.sudo().write(
            {**self._undecided_values(), "state": "none", "request_message": False, "deadline": False}
        )
        asked._log("withdrawn")

    @api.model
    def _undecided_values(self):
        return {
            "decided_on": False,
            "decided_by": False,
            "rejection_reason": False,
            "signature": False,
            "signed_content": False,
            "reminded_on": False,
        }

    def _approve(self, checksum):
        """Approve the content with this SHA-256.

        :raises UserError: it is not waiting for approval any more, or has other content
        """
        self._decide("to_approve", checksum, {"state": "approved"})
        self._log("approved")
        self._tell_responsible(self.env._("%(who)s approved %(document)s", **self._told()))

    def _reject(self, checksum, reason):
        """Reject the content with this SHA-256, be it to be approved or to be signed.

        :raises UserError: as for _approve, or no reason is given
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why you reject the document, so that it can be mended."))
        state = "to_sign" if self.state == "to_sign" else "to_approve"
        self._decide(state, checksum, {"state": "rejected", "rejection_reason": reason})
        self._log("rejected", reason)
        self._tell_responsible(self.env._("%(who)s rejected %(document)s", **self._told()), reason)

    def _sign(self, checksum, name, signature):
        """Sign the content with this SHA-256.

        :param str name: the signer's name, as they entered it
        :param signature: the image of it, in base64
        :raises UserError: as for _approve, or name or signature are missing or no image
        """
        name = (name or "").strip()
        if not name or not signature:
            raise UserError(self.env._("Enter your name and draw your signature."))
        if not _is_image(signature):
            raise UserError(self.env._("The signature is no image. Draw it again."))
        if len(name) > MAX_SIGNER_NAME:
            raise UserError(self.env._("Enter your name in no more than %s characters.", MAX_SIGNER_NAME))
        self._decide("to_sign", checksum, {"state": "signed", "decided_by": name, "signature": signature})
        self._log("signed", self.env._("Signed as %s", name))
        self.signed_content = self._make_signed_copy()
        self._tell_responsible(self.env._("%(who)s signed %(document)s", **self._told()))

    def _decide(self, state, checksum, values):
        self.ensure_one()
        if self.state != state:
            raise UserError(self._not_waiting_message())
        if self.checksum != checksum:
            raise UserError(
                self.env._(
                    "The document was replaced while you had it open. Reload the page and read it again."
                )
            )
        self.write({"decided_by": self._get_actor().name, "decided_on": fields.Datetime.now(), **values})

    def _not_waiting_message(self):
        if self.state in ("approved", "rejected", "signed"):
            return self.env._(
                "%(name)s was here before: the document is %(state)s already.",
                name=self.decided_by,
                state=dict(self._fields["state"]._description_selection(self.env))[self.state].lower(),
            )
        return self.env._("This is not asked of you any more. Reload the page.")

    def _make_signed_copy(self):
        """Return a PDF in base64 with a page for the signature; nothing where the document is no readable PDF."""
        if self.mimetype != "application/pdf":
            return False
        actor = self._get_actor()
        lines = [
            self.env._("Document: %s", self.name),
            self.env._("SHA-256 of the document: %s", self.checksum),
            self.env._("Signed by: %s", self.decided_by),
            self.env._(
                "Identified as: %s", " ".join(filter(None, (actor.name, actor.email and f"<{actor.email}>")))
            ),
            self.env._(
                "Signed on: %s UTC",
                format_datetime(self.env, self.decided_on, tz="UTC", dt_format="yyyy-MM-dd HH:mm:ss"),
            ),
            self.env._("IP address: %s", actor.ip_address or "-"),
        ]
        whole = self.with_context(bin_size=False)
        try:
            signed = append_signature_page(
                base64.b64decode(whole.content),
                self.env._("Signature"),
                lines,
                base64.b64decode(whole.signature),
                file_path(SIGNATURE_PAGE_FONT),
            )
        except UnsignablePdf:
            return False
        return base64.b64encode(signed)

    def _told(self):
        return {"who": self._get_actor().name, "document": self.name}


def _is_image(content) -> bool:
    """Tell whether this is an image in base64: Odoo's field takes other things as they are (tools/image.py)."""
    try:
        return guess_mimetype(base64.b64decode(content)) in SIGNATURE_TYPES
    except ValueError:
        return False
