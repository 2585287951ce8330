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
        unread = emails._find_unread()
        unread.mark_read()
        return self._report(
            self.env._("Marked as read: %s.", len(conversations)),
            len(self) - len(conversations),
            undo=self._prepare_undo("mark_unread", unread),
        )

    def bulk_mark_unread(self) -> dict:
        """Mark the latest e-mail that came in of each of these conversations as unread."""
        conversations = self._get_conversations_in_mailboxes()
        received = [
            emails.filtered(lambda email: email.direction == "in")[-1:] for emails in conversations.values()
        ]
        latest = self.browse().union(*received)
        latest.mark_unread()
        return self._report(
            self.env._("Marked as unread: %s.", len(latest)),
            len(self) - len(conversations),
            undo=self._prepare_undo("mark_read", latest),
        )

    # ------------------------------------------------------------
    # TO ANSWER
    # ------------------------------------------------------------

    def mark_done(self):
        """Complete what asks the user to answer these e-mails, without an answer; return those activities."""
        self.check_access("read")
        # sudo: the field is read by nobody; whose activities these are is in the condition
        activities = self.env["mail.activity"].sudo()
        asked = activities.search([("escala_email_id", "in", self.ids), ("user_id", "=", self.env.uid)])
        asked = asked.sudo(False)
        asked.action_done()
        return asked

    def bulk_mark_done(self) -> dict:
        """Complete what asks the user to answer one of the e-mails of these conversations."""
        conversations = self._get_conversations(["thread_id", "date"])
        emails = self.browse().union(*conversations.values())
        to_answer = emails._filter_to_be_answered()
        count = sum(bool(conversation & to_answer) for conversation in conversations.values())
        done = to_answer.mark_done()
        if not done:
            return self._report(self.env._("You are not asked for an answer here."))
        undo = {"model": done._name, "method": "write", "ids": done.ids, "args": [{"active": True}]}
        return self._report(self.env._("Done: %s.", count), undo=undo)

    # ------------------------------------------------------------
    # ASSIGN, LINK, REMOVE
    # ------------------------------------------------------------

    def bulk_assign(self, user_id: int) -> dict:
        """Ask somebody to answer these conversations."""
        self.assign(user_id)
        name = self.env["res.users"].browse(user_id).display_name
        return self._report(self.env._("Assigned to %(name)s: %(count)s.", name=name, count=len(self)))

    def bulk_link(self, model: str, res_id: int) -> dict:
        """Link these conversations with a contact or lead."""
        self.action_link(model, res_id)
        name = self.env[model].browse(res_id).display_name
        return self._report(self.env._("Linked with %(name)s: %(count)s.", name=name, count=len(self)))

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

    def _prepare_undo(self, method: str, emails) -> dict | bool:
        return {"model": self._name, "method": method, "ids": emails.ids, "args": []} if emails else False

    @api.model
    def _report(self, message: str, elsewhere: int = 0, undo: dict | bool = False) -> dict:
        """Return what the browser tells the user.

        :param elsewhere: number of conversations that nothing was done to
        """
        if elsewhere:
            message = f"{message} {self.env._('Not in your mailboxes: %s.', elsewhere)}"
        return {"message": message, "undo": undo}
