"""What asks to answer an e-mail, done and taken back: with all that being done has changed."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import clean_context


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _complete_with_undo(self) -> dict:
        """Mark these activities of the user's as done; return the call that takes it back."""
        # sudo: which e-mails they are about is read by nobody; the copies are those that being done marks as read
        copies = self.sudo().escala_email_id._get_copies_dealt_with_by(self.env.user)
        unread = copies.filtered(lambda row: not (row.seen or row.pending_seen))
        notes, _next = self.with_context(**clean_context(self.env.context))._action_done()
        read = unread.filtered("pending_seen")
        return {"model": self._name, "method": "undo_done", "ids": self.ids, "args": [read.ids, notes.ids]}

    def undo_done(self, row_ids: list[int], note_ids: list[int]) -> bool:
        """Ask again for answers that the user has marked as done; whatever is not theirs stays as it is.

        :param row_ids: of the ledger, the copies that were marked as read with it
        :param note_ids: the messages that tell in the chatter that it is done
        """
        # sudo: which activities they are is in the condition: the user's own, that ask for an answer, and are done
        activities = self.sudo().search(
            Domain("id", "in", self.ids)
            & Domain("user_id", "=", self.env.uid)
            & Domain("escala_email_id", "!=", False)
            & Domain("active", "=", False)
        )
        activities._find_notes(note_ids).unlink()
        activities.write({"active": True})
        activities._follow_sharing()
        # sudo: no user writes the ledger; these are the copies that being done has marked as read
        copies = activities.escala_email_id._get_copies_dealt_with_by(self.env.user)
        copies.filtered(lambda row: row.id in row_ids)._mark_unseen()
        return True

    def _find_notes(self, note_ids: list[int]):
        """Return those of these messages in which the user has told that one of these activities is done."""
        messages = self.env["mail.message"].search(
            [
                ("id", "in", note_ids),
                ("author_id", "=", self.env.user.partner_id.id),
                ("mail_activity_type_id", "in", self.activity_type_id.ids),
            ]
        )
        places = {(activity.res_model, activity.res_id) for activity in self}
        return messages.filtered(lambda message: (message.model, message.res_id) in places)
