"""Excluding the senders of conversations in the list: whom, in which mailboxes, and what is here of them."""

from odoo import models
from odoo.exceptions import UserError


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def prepare_exclusion(self) -> dict:
        """Return what excluding the senders of these conversations would mean, before anything is done.

        `addresses`: whom; `mailboxes`: the names of those that will not bring in their e-mails any more;
        `email_count`: how many of their e-mails are in these mailboxes now, and can be removed as well.
        """
        self.check_access("read")
        pairs = self._get_exclusions_to_make()
        exclusions = [self.env["escala.mailbox.exclusion"].new(values) for values in pairs]
        emails = self.browse().union(*(exclusion._find_emails().sudo(False) for exclusion in exclusions))
        mailboxes = self.env["escala.mailbox"].browse({values["mailbox_id"] for values in pairs})
        return {
            "addresses": sorted({values["pattern"] for values in pairs}),
            "mailboxes": sorted(mailboxes.mapped("display_name")),
            "email_count": len(emails),
        }

    def bulk_exclude_senders(self, remove: bool = False) -> dict:
        """Exclude the senders of these conversations from the mailboxes that the user may change.

        Raises UserError when there is nobody to exclude.

        :param remove: remove from Odoo what is here of them; that cannot be undone
        :returns: a report, see escala_email_bulk.py
        """
        self.check_access("read")
        pairs = self._get_exclusions_to_make()
        if not pairs:
            raise UserError(self.env._("Nobody to exclude: not in a mailbox that you set up."))
        exclusions = self.env["escala.mailbox.exclusion"].create(pairs)
        message = self.env._("Excluded: %s.", ", ".join(sorted(set(exclusions.mapped("pattern")))))
        if remove:
            exclusions.action_remove_emails()
            message += " " + self.env._("Their e-mails are removed from Odoo; in the mailbox, they stay.")
            return self._report(message)
        undo = {"model": exclusions._name, "method": "unlink", "ids": exclusions.ids, "args": []}
        return self._report(message, undo=undo)

    def _get_exclusions_to_make(self) -> list[dict]:
        """Return values for an exclusion of each sender in each mailbox that has an e-mail of them.

        Of the mailboxes, those that the user may change; nobody is excluded who is already, or who is a colleague.
        """
        conversations = self._get_conversations(["thread_id", "date", "direction", "sender_email"])
        received = (
            self.browse()
            .union(*conversations.values())
            .filtered(lambda email: email.direction == "in" and email.sender_email)
        )
        mailboxes_by_email = received._find_own_mailboxes()
        # sudo: the addresses of colleagues are compared with, not shown
        colleagues = self.env["escala.email.classifier"].sudo()._get_colleague_addresses()
        senders_by_mailbox: dict = {}
        for email, mailboxes in mailboxes_by_email.items():
            for mailbox in mailboxes.sudo(False)._filtered_access("write"):
                senders_by_mailbox.setdefault(mailbox, set()).add(email.sender_email)
        exclusions = self.env["escala.mailbox.exclusion"]
        return [
            {"mailbox_id": mailbox.id, "pattern": sender}
            for mailbox, senders in senders_by_mailbox.items()
            # sudo: the exclusions of the company are compared with, not shown
            for sender in sorted(senders - colleagues - exclusions.sudo()._find_excluded(mailbox, senders))
        ]
