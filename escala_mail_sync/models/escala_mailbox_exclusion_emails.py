"""What is in Odoo of an address that is, or is about to be, excluded; and removing it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..mime.exclusions import get_spellings, is_excluded


class EscalaMailboxExclusion(models.Model):
    _inherit = "escala.mailbox.exclusion"

    email_count = fields.Integer("E-mails here", compute="_compute_email_count")
    removal_label = fields.Char(compute="_compute_removal_label")

    @api.depends("pattern_normalized", "include_subdomains", "mailbox_id", "company_id")
    @api.depends_context("uid")
    def _compute_email_count(self):
        for exclusion in self:
            exclusion.email_count = len(exclusion._find_emails())

    @api.depends("email_count")
    @api.depends_context("uid", "lang")
    def _compute_removal_label(self):
        """The words on a button, which depend on a number."""
        for exclusion in self:
            count = exclusion.email_count
            if exclusion._origin:
                one, several = self.env._("Remove 1 e-mail"), self.env._("Remove %s e-mails", count)
            else:
                one = self.env._("Exclude and remove 1 e-mail")
                several = self.env._("Exclude and remove %s e-mails", count)
            exclusion.removal_label = one if count == 1 else several

    def action_open(self):
        """Show how many e-mails of it are here, with a button to remove them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails of an excluded address"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_remove_emails(self):
        """Remove what it brought in before it was excluded, from the mailboxes that the user may do so in."""
        self.check_access("read")
        removed = 0
        for exclusion in self:
            emails = exclusion._find_emails()
            removed += len(emails)
            emails._remove_from(exclusion._get_mailboxes_to_clean())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("E-mails removed from Odoo: %s. They stay in the mailbox.", removed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_mailboxes_to_clean(self):
        """Return those of its mailboxes whose e-mails the user may remove.

        They are the user's own, those the user is a member of, and those that the user sets up. The personal
        mailboxes of others are not among them, so a manager does not even learn whom somebody writes to.
        """
        self.ensure_one()
        mailboxes = self.env["escala.mailbox"].with_context(active_test=False)
        if self.mailbox_id:
            covered = self.mailbox_id._origin
        else:
            # sudo: which mailboxes there are is not shown; those of others are left out below
            covered = mailboxes.sudo().search([("company_id", "child_of", self.company_id.id)]).sudo(False)
        own = mailboxes._find_own()
        return (covered & own) | covered._filtered_access("write")

    def _find_emails(self):
        """Return what would not have been brought in: received from it, or sent to it and to no customer.

        The e-mails are those of the mailboxes that the user may remove e-mails from, as superuser.
        """
        self.ensure_one()
        # sudo: that there are e-mails may be known of these mailboxes; their content is not read
        emails = self.env["escala.email"].sudo()
        mailboxes = self._get_mailboxes_to_clean()
        if not (mailboxes and self.pattern_normalized):
            return emails
        within = emails._in_mailboxes(mailboxes)
        received = emails.search(Domain("direction", "=", "in") & self._match("sender_email") & within)
        sent = emails.search_fetch(
            Domain("direction", "=", "out") & self._match("addresses") & within, ["addresses"]
        )
        return received | sent.filtered(self._get_filter_of_sent(mailboxes) if sent else None)

    def _match(self, name: str) -> Domain:
        """Return which addresses in a field may be meant: all of one address, too many of several."""
        spellings = get_spellings(self.pattern_normalized)
        ends = [f"@{spelling}" if self.is_domain else spelling for spelling in spellings]
        if self.is_domain and self.include_subdomains:
            ends += [f".{spelling}" for spelling in spellings]
        if name == "addresses":
            return Domain.OR(Domain(name, "like", escape_psql(end)) for end in ends)
        if not self.is_domain:
            return Domain(name, "in", ends)
        return Domain.OR(Domain(name, "=like", f"%{escape_psql(end)}") for end in ends)

    def _get_filter_of_sent(self, mailboxes):
        """Return a function that tells whether an e-mail was sent to the excluded and else to colleagues only."""
        # sudo: the addresses are compared with, not shown
        classifier = self.env["escala.email.classifier"].sudo()
        insiders = classifier._get_colleague_addresses().union(
            *map(classifier._get_own_addresses, mailboxes.sudo())
        )
        patterns = {self.pattern_normalized: self.include_subdomains}

        def concerns_nobody_else(email) -> bool:
            customers = set((email.addresses or "").split()) - insiders
            return bool(customers) and all(is_excluded(each, patterns) for each in customers)

        return concerns_nobody_else
