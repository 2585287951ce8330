"""Whether the tab *E-mails* is shown, on contacts as on leads."""

from odoo import api, fields, models

RIGHTS = ("escala_mail_sync.group_mailbox_user", "escala_mail_sync.group_emails_tab")


class EmailsTabMixin(models.AbstractModel):
    """Something with e-mails of its own."""

    _name = "escala.emails.tab.mixin"
    _description = "Tab E-mails"

    # Both rights are needed, and the attribute `groups` of a page knows only one or the other.
    shows_emails_tab = fields.Boolean(compute="_compute_shows_emails_tab", groups="base.group_user")

    @api.depends_context("uid")
    def _compute_shows_emails_tab(self):
        self.shows_emails_tab = all(map(self.env.user.has_group, RIGHTS))
