"""The ledger: which message of which folder became which e-mail, or why it could not."""

from collections import defaultdict
from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fields import BigInteger
from ..imap.changes import Changes

MAX_TRIES = 3


def make_fingerprint(
    gmail_id: int, message_id: str, subject: str, size: int, internal_date: datetime | None
) -> tuple:
    """Return what tells a message of a mailbox from all others there, whatever its folder and number.

    Only the server's own identifier does so for sure. Together, the others can be given to a message by nobody
    but the server.
    """
    return (gmail_id,) if gmail_id else (message_id or "", subject or "", size, internal_date)


class EscalaMailboxMessage(models.Model):
    """One message on the server, named as IMAP names it: folder, UIDVALIDITY, UID (RFC 9051, section 2.3.1.1).

    The row follows its message: to another folder, and to the numbers of a new UIDVALIDITY.
    """

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
    content_key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    message_id = fields.Char("Message-ID", readonly=True)
    gmail_id = BigInteger("Gmail's identifier", readonly=True)
    internal_date = fields.Datetime("Received by the server on", readonly=True)
    flags = fields.Char(readonly=True, help="The flags on the server when they were last looked at.")
    seen = fields.Boolean("Read", readonly=True)
    answered = fields.Boolean(readonly=True)
    pending_seen = fields.Boolean(
        "To be marked as read", readonly=True, help="On the server, at the next check."
    )
    pending_unseen = fields.Boolean(
        "To be marked as unread", readonly=True, help="On the server, at the next check."
    )
    gone = fields.Boolean("Not on the server any more", readonly=True)
    gone_settled = fields.Boolean(readonly=True, help="What follows from its being gone has been done.")
    size = fields.Integer("Size (bytes)", readonly=True)
    state = fields.Selection(
        [
            ("linked", "Linked"),
            ("failed", "To be tried again"),
            ("quarantined", "Quarantined"),
            ("discarded", "Removed in Odoo"),
        ],
        required=True,
        readonly=True,
        index=True,
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
            ("not_served", "The server does not hand it out"),
            ("fatal", "Reading it takes too much time or memory"),
        ],
        readonly=True,
        help="Why the message is in quarantine.",
    )
    tries = fields.Integer(readonly=True)
    detail = fields.Text("Technical details", readonly=True, groups="base.group_system")
    # In a column, not in an attachment: administrators may read any attachment of a record that they may read.
    raw = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)
    raw_for_members = fields.Binary(
        "Message as received",
        compute="_compute_raw_for_members",
        help="For the people of the mailbox; empty for a manager who is none of them.",
    )

    _one_row_per_message = models.Constraint(
        "UNIQUE (folder_id, uidvalidity, uid)", "This message is in the ledger already."
    )
    # A message that was moved or renumbered is found by the moment at which the server got it.
    _by_internal_date = models.Index("(mailbox_id, internal_date)")
    _to_be_settled = models.Index("(mailbox_id) WHERE gone AND NOT gone_settled")
    _to_be_marked = models.Index("(mailbox_id) WHERE pending_seen OR pending_unseen")
    _unread = models.Index("(mailbox_id, email_id) WHERE seen IS NOT TRUE AND gone IS NOT TRUE")
    _to_be_tried = models.Index("(folder_id) WHERE state = 'failed'")

    @api.depends("raw")
    @api.depends_context("uid", "bin_size")
    def _compute_raw_for_members(self):
        own = self.env["escala.mailbox"]._find_own()
        for row in self:
            # sudo: of the user's own mailboxes only
            row.raw_for_members = row.sudo().raw if row.sudo().mailbox_id in own else False

    def _is_watched(self) -> bool:
        """Tell whether it would be noticed if the message were gone from its folder."""
        folder = self.folder_id
        watched = folder.active and folder.selected and not folder.missing
        return watched and self.uidvalidity == folder.uidvalidity

    def _get_fingerprint(self) -> tuple:
        return make_fingerprint(self.gmail_id, self.message_id, self.subject, self.size, self.internal_date)

    @api.model
    def _apply_flags(self, folder, changes: Changes):
        """Take over what the server says of messages of a folder; return the rows that were read or answered."""
        rows = self.search(
            [
                ("folder_id", "=", folder.id),
                ("uidvalidity", "=", folder.uidvalidity),
                ("uid", "in", list(changes.flags)),
            ]
        )
        handled = self.browse()
        by_flags = defaultdict(self.browse)
        for row in rows:
            flags = changes.flags[row.uid]
            if (row.flags or "") == " ".join(flags):
                continue
            if row._is_handled_by(row._prepare_flag_values(flags)):
                handled += row
            by_flags[flags, row.pending_unseen] += row
        for (flags, _pending), changed in by_flags.items():
            changed.write(changed[:1]._prepare_flag_values(flags))
        return handled

    def _prepare_flag_values(self, flags: tuple[str, ...]) -> dict:
        """Return what flags say; what somebody has marked as unread stays so until the server is told."""
        lower = {flag.lower() for flag in flags}
        seen = "\\seen" in lower and not self.pending_unseen
        return {"flags": " ".join(flags), "seen": seen, "answered": "\\answered" in lower}

    def _take_seen_from_flags(self) -> None:
        """Have these messages read or unread as they are on the server."""
        for row in self:
            row.seen = row._prepare_flag_values((row.flags or "").split())["seen"]

    def _is_handled_by(self, values: dict) -> bool:
        """Tell whether the message was read or answered since, by the values of its flags now."""
        return (values["seen"] and not self.seen) or (values["answered"] and not self.answered)

    @api.model
    def _note_vanished(self, folder, changes: Changes) -> None:
        """Mark the rows of a folder whose messages are not there any more."""
        if not changes.vanished:
            return
        self.flush_model()
        self.env.cr.execute(
            """
            UPDATE escala_mailbox_message row
               SET gone = TRUE, pending_seen = FALSE, pending_unseen = FALSE
              FROM unnest(%s::bigint[], %s::bigint[]) AS vanished (first, last)
             WHERE row.folder_id = %s AND row.uidvalidity = %s AND row.gone IS NOT TRUE
               AND row.uid BETWEEN vanished.first AND vanished.last
            """,
            [*map(list, zip(*changes.vanished, strict=True)), folder.id, folder.uidvalidity],
        )
        self.invalidate_model(["gone", "pending_seen", "pending_unseen"])

    def _mark_seen(self):
        """Have these messages marked as read on the server, at a check that starts soon; return what was unread."""
        unseen = self.filtered(lambda row: not (row.seen or row.pending_seen or row.gone))
        if unseen:
            unseen.write({"pending_seen": True, "pending_unseen": False})
            unseen.mailbox_id._request_sync_if_working()
        return unseen

    def _mark_unseen(self):
        """Have these messages marked as unread on the server, at a check that starts soon; return what was read.

        Here they are so at once.
        """
        seen = self.filtered(lambda row: (row.seen or row.pending_seen) and not row.gone)
        if seen:
            seen.write({"seen": False, "pending_seen": False, "pending_unseen": True})
            seen.mailbox_id._request_sync_if_working()
        return seen

    # Quarantine

    def action_try_again(self):
        """Read the message once more, from the bytes that were kept, else from the server."""
        rows = self._check_quarantine_access()
        kept = rows.filtered("raw")
        for mailbox, of_mailbox in kept.grouped("mailbox_id").items():
            if not mailbox.try_lock_for_update(allow_referencing=True):
                raise UserError(
                    self.env._("%s is being checked at this moment. Try again soon.", mailbox.display_name)
                )
            # Nobody in particular does this, as when it comes in by itself.
            self.env["escala.email.importer"].with_user(SUPERUSER_ID)._store_again(mailbox, of_mailbox)
        from_server = (rows - kept).filtered(lambda row: not row.gone)
        from_server.write({"state": "failed", "tries": 0})
        from_server.mailbox_id._request_sync_if_working()
        remaining = kept.filtered(lambda row: row.state != "linked")
        return self._get_result_notification(len(kept) - len(remaining), len(from_server), len(remaining))

    def action_discard(self):
        """Give these messages up: they stay on the server and are not brought in."""
        self._check_quarantine_access().write({"state": "discarded", "raw": False, "detail": False})
        return self._get_action_after_decision()

    def _check_quarantine_access(self):
        """Return the rows in quarantine as superuser.

        Whoever may see a message in quarantine may decide on it (the rules let its own people, and for shared
        mailboxes managers).
        """
        self.check_access("read")
        if self.filtered(lambda row: row.state != "quarantined"):
            raise AccessError(self.env._("Only messages in quarantine can be tried again or discarded."))
        # sudo: no user can write the ledger; which rows these are is checked above
        return self.sudo()

    def _get_result_notification(self, stored: int, asked: int, failed: int) -> dict:
        messages = []
        if stored:
            messages.append(self.env._("Brought in: %s.", stored))
        if asked:
            messages.append(self.env._("To be fetched again in a moment: %s.", asked))
        if failed:
            messages.append(self.env._("Still in quarantine: %s.", failed))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "message": " ".join(messages),
                "next": self._get_action_after_decision(),
            },
        }

    def _get_action_after_decision(self) -> dict:
        """Return what the web client does next: managers may not see any more what has left the quarantine."""
        if self.env.context.get("escala_quarantine_form"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "escala_mail_sync.escala_mailbox_message_action"
            )
            return {**action, "target": "main"}
        return {"type": "ir.actions.client", "tag": "soft_reload"}
