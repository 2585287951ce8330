"""The ledger: which message of which folder became which e-mail, or why it could not."""

from odoo import api, fields, models

from ..fields import BigInteger


class EscalaMailboxMessage(models.Model):
    """One message on the server, named as IMAP names it: folder, UIDVALIDITY, UID (RFC 9051, section 2.3.1.1)."""

    _name = "escala.mailbox.message"
    _description = "Message in a Mailbox"
    _order = "id desc"
    _rec_name = "subject"

    folder_id = fields.Many2one(
        "escala.mailbox.folder", required=True, readonly=True, ondelete="cascade", index=True
    )
    mailbox_id = fields.Many2one(string="Mailbox", related="folder_id.mailbox_id", store=True, index=True)
    uidvalidity = BigInteger(readonly=True, required=True)
    uid = BigInteger("UID", readonly=True, required=True)
    email_id = fields.Many2one("escala.email", "E-mail", readonly=True, ondelete="set null", index=True)
    flags = fields.Char(readonly=True, help="The flags on the server when they were last looked at.")
    seen = fields.Boolean("Read", readonly=True)
    answered = fields.Boolean(readonly=True)
    pending_seen = fields.Boolean(
        "To be marked as read", readonly=True, help="On the server, at the next check."
    )
    gone = fields.Boolean("Not on the server any more", readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    state = fields.Selection(
        [("linked", "Linked"), ("quarantined", "Quarantined")], required=True, readonly=True, index=True
    )
    subject = fields.Char(readonly=True)
    reason = fields.Selection(
        [
            ("no_sender", "It names no sender"),
            ("nested_too_deep", "Its parts are nested too deep"),
            ("too_many_parts", "It has too many parts"),
            ("empty", "It is empty"),
            ("unreadable", "It cannot be read"),
            ("not_storable", "Odoo could not store it"),
        ],
        readonly=True,
        help="Why the message is in quarantine.",
    )
    detail = fields.Text("Technical details", readonly=True, groups="base.group_system")
    raw = fields.Binary("Message as received", attachment=True, readonly=True)

    _one_row_per_message = models.Constraint(
        "UNIQUE (folder_id, uidvalidity, uid)", "This message is in the ledger already."
    )

    @api.model
    def _prepare_flag_values(self, flags: tuple[str, ...]) -> dict:
        lower = {flag.lower() for flag in flags}
        return {"flags": " ".join(flags), "seen": "\\seen" in lower, "answered": "\\answered" in lower}

    def _mark_seen(self) -> None:
        """Have these messages marked as read on the server, at a check that starts soon."""
        unseen = self.filtered(lambda row: not (row.seen or row.gone))
        if unseen:
            unseen.pending_seen = True
            unseen.mailbox_id.filtered(lambda mailbox: mailbox.state != "draft").action_sync_now()
