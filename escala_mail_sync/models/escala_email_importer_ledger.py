"""The ledger's part of an import: what is in it already, and what becomes of each message."""

from __future__ import annotations

import base64
from collections import defaultdict

from odoo import models

from ..imap.folder_sync import HeaderBatch
from ..sync_report import SyncReport
from .escala_email_item import SUBJECT_LIMIT, Item
from .escala_mailbox_message import MAX_TRIES

# What may have passed when the message is tried again.
PASSING_REASONS = ("not_served", "not_storable")


class EscalaEmailImporter(models.AbstractModel):
    _inherit = "escala.email.importer"

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
                item.moved_row_id = candidates.pop(0)
                moved.append(item)
        return moved

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
            handled += self._follow(ledger.browse(item.moved_row_id), folder, uidvalidity, item)
        handled.email_id._handle_seen()

    def _forget_failures(self, folder, uidvalidity: int, left_out: list[Item]) -> None:
        """Drop the rows of earlier tries of what turns out, now that it is read, to be nothing to bring in."""
        rows = self._find_rows(folder, uidvalidity, left_out) if left_out else {}
        self.env["escala.mailbox.message"].union(*rows.values()).unlink()

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
        is_handled = row._is_handled_by(values)
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
