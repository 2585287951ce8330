"""A folder of a mailbox, with the place up to which it has been read."""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import BigInteger
from ..imap.folder_sync import FolderCursor
from ..imap.history import HistoryWindow
from ..imap.session import FolderStatus

ROLE_ORDER = ("inbox", "sent", "archive", "all", "drafts", "junk", "trash", "other")
ALL_TIME = date(1970, 1, 1)
FATAL_AFTER = 5  # workers that died of the same message; they are killed by chance, too


class EscalaMailboxFolder(models.Model):
    """The durable cursor of one folder; it moves in the transaction that stores the messages.

    Two ends move: `high_uid` up, over new mail, and `history_uid` down, over what was there before. `history_since`
    is the day down to which the history is read or being read; `history_before` leaves out what an earlier,
    shorter reading has seen.
    """

    _name = "escala.mailbox.folder"
    _description = "Mailbox Folder"
    _order = "mailbox_id, role_order, path"
    _rec_name = "path"

    mailbox_id = fields.Many2one("escala.mailbox", required=True, ondelete="cascade", index=True)
    path = fields.Char("Folder", required=True, readonly=True)
    role = fields.Selection(
        [
            ("inbox", "Inbox"),
            ("sent", "Sent"),
            ("archive", "Archive"),
            ("all", "All mail"),
            ("drafts", "Drafts"),
            ("junk", "Spam"),
            ("trash", "Bin"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        readonly=True,
    )
    role_order = fields.Integer(compute="_compute_role_order", store=True)
    selected = fields.Boolean("Synchronise")
    active = fields.Boolean(
        default=True, help="Not set for the folders of an account that was connected before."
    )
    missing = fields.Boolean("Not on the server", readonly=True)
    message_ids = fields.One2many("escala.mailbox.message", "folder_id", "Messages", readonly=True)
    message_count = fields.Integer("Messages on the server", readonly=True)
    uidvalidity = BigInteger(readonly=True)
    high_uid = BigInteger(readonly=True)
    history_uid = BigInteger(readonly=True)
    history_since = fields.Date(readonly=True)
    history_before = fields.Date(readonly=True)
    renumbered = fields.Boolean(readonly=True, help="Until all messages are found under their new numbers.")
    modseq = BigInteger(readonly=True)
    sweep_uid = BigInteger(readonly=True, help="Messages below it are still to be looked at for changes.")
    sweep_again = fields.Boolean(readonly=True)
    risky_uid = BigInteger(
        readonly=True, help="The message that is being read alone, as a worker may die of it."
    )
    deaths_by_uid = fields.Json(
        readonly=True, help="How many workers have died of a message that they read alone."
    )

    _one_row_per_folder = models.UniqueIndex(
        "(mailbox_id, path) WHERE active", "This folder is listed already."
    )

    @api.depends("role")
    def _compute_role_order(self):
        for folder in self:
            folder.role_order = ROLE_ORDER.index(folder.role)

    def write(self, vals):
        if not self.env.su and set(vals) - {"selected"}:
            raise AccessError(self.env._("Of a folder, only whether it is synchronised can be changed."))
        return super().write(vals)

    def _get_cursor(self) -> FolderCursor:
        """Return where the last committed batch ended."""
        self.ensure_one()
        return FolderCursor(self.uidvalidity, self.high_uid, self.history_uid)

    def _set_cursor(self, cursor: FolderCursor) -> None:
        """Move the cursor; to be committed together with what it has passed."""
        self.write(
            {
                "uidvalidity": cursor.uidvalidity,
                "high_uid": cursor.high_uid,
                "history_uid": cursor.history_uid,
            }
        )

    def _begin(self, status: FolderStatus) -> None:
        """Start reading a folder that is seen for the first time, or whose numbers are void.

        All it holds is history then, to be read newest first. A renumbered folder is gone through whole, since
        what is in the ledger gets its new numbers on the way.
        """
        renumbered = bool(self.uidvalidity)
        if self.uidvalidity == status.uidvalidity:
            self._void_numbers()
        self._set_cursor(FolderCursor.at(status))
        self.write(
            {
                "renumbered": renumbered,
                "history_since": self.mailbox_id._get_history_start().date(),
                "history_before": False,
                "modseq": status.highestmodseq or 0,
                "message_count": status.exists,
                "sweep_uid": 0,
                "sweep_again": False,
                "risky_uid": 0,
                "deaths_by_uid": False,
            }
        )

    def _void_numbers(self) -> None:
        """Take their numbers from the messages in the ledger, which others may get under the same UIDVALIDITY.

        No server has a UIDVALIDITY of 0 (RFC 3501, section 9: nz-number); the negative id is a number that no other
        row has, however often this happens.
        """
        ledger = self.env["escala.mailbox.message"]
        ledger.flush_model(["folder_id", "uidvalidity", "uid"])
        self.env.cr.execute(
            "UPDATE escala_mailbox_message SET uidvalidity = 0, uid = -id"
            " WHERE folder_id = %s AND uidvalidity = %s",
            [self.id, self.uidvalidity],
        )
        ledger.invalidate_model(["uidvalidity", "uid"])

    def _extend_history(self) -> None:
        """Follow the mailbox's setting, should it ask for more or less than when reading began."""
        for folder in self.filtered(lambda folder: folder.uidvalidity and folder.history_since):
            since = folder.mailbox_id._get_history_start().date()
            reading = folder.history_uid > 1
            if since < folder.history_since:
                before = folder.history_before if reading else folder.history_since
                folder._read_history_again(since, before)
            elif since > folder.history_since and reading:
                folder.history_since = since

    def _read_history_again(self, since: date, before: date | bool = False) -> None:
        """Go through the history from the newest message on, between two days."""
        for folder in self:
            folder.write(
                {"history_uid": folder.high_uid + 1, "history_since": since, "history_before": before}
            )

    def _count_deaths(self) -> None:
        """Count the end of a worker for the message that it was reading alone in one of these folders."""
        for folder in self.filtered("risky_uid"):
            deaths, uid = folder.deaths_by_uid or {}, str(folder.risky_uid)
            folder.write({"risky_uid": 0, "deaths_by_uid": {**deaths, uid: deaths.get(uid, 0) + 1}})

    def _forget_deaths(self, uids: list[int]) -> None:
        """Note that these messages have been read, and that nobody has died of them in the end."""
        read = {str(uid) for uid in uids}
        deaths = {uid: count for uid, count in (self.deaths_by_uid or {}).items() if uid not in read}
        self.write({"risky_uid": 0, "deaths_by_uid": deaths or False})

    def _is_fatal(self, uid: int) -> bool:
        """Tell whether so many workers have died of this message that it is not by chance."""
        return (self.deaths_by_uid or {}).get(str(uid), 0) >= FATAL_AFTER

    def _get_history_window(self) -> HistoryWindow:
        if self.renumbered or self.history_since == ALL_TIME:
            return HistoryWindow(before=self.history_before or None)
        return HistoryWindow(self.history_since or None, self.history_before or None)

    def _get_uids_to_look_at(self, below: int, limit: int) -> list[int]:
        """Return the UIDs in the ledger below one, the highest first."""
        rows = self.env["escala.mailbox.message"].search_fetch(
            [
                ("folder_id", "=", self.id),
                ("uidvalidity", "=", self.uidvalidity),
                ("uid", "<", below),
                ("gone", "=", False),
            ],
            ["uid"],
            order="uid desc",
            limit=limit,
        )
        return rows.mapped("uid")

    def _get_known_uids(self, uids: set[int]) -> set[int]:
        """Return those that the ledger has under the present UIDVALIDITY."""
        rows = self.env["escala.mailbox.message"].search_fetch(
            [("folder_id", "=", self.id), ("uidvalidity", "=", self.uidvalidity), ("uid", "in", list(uids))],
            ["uid"],
        )
        return set(rows.mapped("uid"))

    def _get_newest_message(self) -> tuple[int, int]:
        """Return UID and size in bytes of the last message in the ledger; zeros if there is none."""
        row = self.env["escala.mailbox.message"].search(
            [("folder_id", "=", self.id), ("uidvalidity", "=", self.uidvalidity), ("gone", "=", False)],
            order="uid desc",
            limit=1,
        )
        return row.uid, row.size
