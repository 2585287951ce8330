"""What the bar over the list does to the conversations that are ticked, and what it says of it.

Each method takes the rows of the list, one e-mail of each conversation, does what it can, and returns a report:
`message`, in words, and `undo`, a call that takes it back (`model`, `method`, `ids`, `args`), or `False`.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    # ------------------------------------------------------------
    # READ AND UNREAD
    # ------------------------------------------------------------

    def bulk_mark_read(self) -> dict:
        """Mark all that is unread in these conversations as read, in the mailboxes that the user works with."""
        conversations = self._get_conversations_in_mailboxes()
        emails = self.browse().union(*conversations.values())
        changed = emails._get_own_copies()._mark_seen()
        return self._report(
            self.env._("Marked as read: %s.", len(conversations)),
            len(self) - len(conversations),
            undo=changed._prepare_undo("undo_mark_read"),
        )

    def bulk_mark_unread(self) -> dict:
        """Mark the latest e-mail that came in of each of these conversations as unread."""
        conversations = self._get_conversations_in_mailboxes()
        received = [
            emails.filtered(lambda email: email.direction == "in")[-1:] for emails in conversations.values()
        ]
        latest = self.browse().union(*received)
        changed = (latest - latest._find_unread())._get_own_copies()._mark_unseen()
        return self._report(
            self.env._("Marked as unread: %s.", len(latest)),
            len(self) - len(conversations),
            undo=changed._prepare_undo("undo_mark_unread"),
        )

    # ------------------------------------------------------------
    # TO ANSWER
    # ------------------------------------------------------------

    def mark_done(self) -> dict | bool:
        """Complete what asks the user to answer these e-mails, without an answer.

        :returns: the call that takes it back, `False` if the user was asked for nothing
        """
        self.check_access("read")
        # sudo: the field is read by nobody; whose activities these are is in the condition
        activities = self.env["mail.activity"].sudo()
        asked = activities.search([("escala_email_id", "in", self.ids), ("user_id", "=", self.env.uid)])
        return asked.sudo(False)._complete_with_undo() if asked else False

    def bulk_mark_done(self) -> dict:
        """Complete what asks the user to answer one of the e-mails of these conversations."""
        conversations = self._get_conversations(["thread_id", "date"])
        emails = self.browse().union(*conversations.values())
        to_answer = emails._filter_to_be_answered()
        count = sum(bool(conversation & to_answer) for conversation in conversations.values())
        undo = to_answer.mark_done()
        if not undo:
            return self._report(self.env._("You are not asked for an answer here."))
        return self._report(self.env._("Done: %s.", count), undo=undo)

    # ------------------------------------------------------------
    # ASSIGN, LINK, REMOVE
    # ------------------------------------------------------------

    def get_bulk_assignees(self) -> list[dict]:
        """Return who may be asked to answer these conversations, as `get_assignees` does."""
        return self._get_emails_to_assign().get_assignees()

    def bulk_assign(self, user_id: int) -> dict:
        """Ask somebody to answer these conversations: what others are asked for in them, or else what came in last."""
        undo = self._get_emails_to_assign().assign(user_id)
        name = self.env["res.users"].browse(user_id).display_name
        return self._report(
            self.env._("Assigned to %(name)s: %(count)s.", name=name, count=len(self)), undo=undo
        )

    def bulk_link(self, model: str, res_id: int) -> dict:
        """Link these conversations with a contact or lead."""
        undo = self.action_link(model, res_id)
        name = self.env[model].browse(res_id).display_name
        return self._report(
            self.env._("Linked with %(name)s: %(count)s.", name=name, count=len(self)), undo=undo
        )

    def bulk_remove(self) -> dict:
        """Remove these conversations from the mailboxes of the user's own, as far as they are there."""
        conversations = self._get_conversations(["thread_id", "date"])
        removable = self.browse().union(*conversations.values())._filter_removable()
        count = sum(bool(emails & removable) for emails in conversations.values())
        if removable:
            removable.action_remove()
        message = self.env._("Removed from Odoo: %s. In the mailbox, nothing has changed.", count)
        return self._report(message, len(self) - count)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _get_emails_to_assign(self):
        """Return of each conversation the e-mails that somebody is asked to answer, or else the last that came in.

        As far as it is for the user to say who answers them; if it is not for any of a conversation, its row, which
        is refused then. A conversation in which nothing came in is its row, too.
        """
        self.check_access("read")
        conversations = self._get_conversations(["thread_id", "date", "direction"])
        everything = self.browse().union(*conversations.values())
        own = everything._filter_relinkable()
        # sudo: activities are other people's; only which e-mails they are about
        asked = own & everything.sudo()._get_open_answers().escala_email_id.sudo(False)
        emails = self.browse()
        for head, conversation in conversations.items():
            received = (conversation & own).filtered(lambda email: email.direction == "in")
            emails |= (conversation & asked) or received[-1:] or head
        return emails

    def _get_conversations_in_mailboxes(self) -> dict:
        """Map those of these e-mails to their conversations that have a copy in mailboxes the user works with.

        Only those e-mails of a conversation are named that have one.
        """
        self.check_access("read")
        conversations = self._get_conversations(["thread_id", "date", "direction"])
        everything = self.browse().union(*conversations.values())
        mailboxes = self.env["escala.mailbox"]._find_for_workspace()
        present = Domain("id", "in", everything.ids) & self._has_copy(mailboxes, SQL("TRUE"))
        # sudo: only whether there is a copy in mailboxes that the user works with
        found = self.sudo().search(present).sudo(False)
        return {head: emails & found for head, emails in conversations.items() if emails & found}

    @api.model
    def _report(self, message: str, elsewhere: int = 0, undo: dict | bool = False) -> dict:
        """Return what the browser tells the user.

        :param elsewhere: number of conversations that nothing was done to
        """
        if elsewhere:
            left_out = self.env._("Not in your mailboxes: %s.", elsewhere)
            message = f"{message} {left_out}"
        return {"message": message, "undo": undo}
