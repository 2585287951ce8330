"""Who has access to a client account, under which e-mail address, and to what."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class EscalaAccountContact(models.Model):
    """One address of one contact on one client account, with switches of its own.

    An account is any company (a household is entered as a company too) that has contacts here; there is
    no flag to set. A contact may sit on many accounts, and on one of them with several addresses.

    The same address twice is refused by `_check_unique`, on an account that `_lock_contacts` has locked. A
    UNIQUE constraint would guard against that as well, but on the first conflict while merging two
    contacts Odoo would delete all rows of one of them.
    """

    _name = "escala.account.contact"
    _inherit = ["contact.access.mixin"]
    _description = "Contact of a Client Account"
    _order = "account_id, contact_id, id"
    _rec_name = "email"
    _contact_access_fields = ("account_id", "contact_id")

    account_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        help="The company or household whose account this is.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        help="The person with access. One person can have access to many accounts.",
    )
    email = fields.Char(
        string="E-mail Address",
        compute="_compute_email",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="One of the contact's addresses. Add another line to give access to another address.",
    )
    email_normalized = fields.Char(
        string="Normalized E-mail", compute="_compute_email_normalized", store=True, precompute=True
    )
    available_emails = fields.Json(
        string="Addresses to Choose From",
        compute="_compute_available_emails",
        help="The addresses of the contact, the main one first.",
    )
    login = fields.Boolean(
        default=False,
        help="This address may log in to the client portal and see the account. Off until you turn it on.",
    )
    notify = fields.Boolean(
        default=True,
        help="This address is notified by e-mail of what happens on the account.",
    )
    email_sync = fields.Boolean(
        string="E-mail sync",
        default=True,
        help="E-mail from and to this address is part of the account.",
    )
    login_id = fields.Many2one(
        "escala.portal.login",
        "User",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What this address logs in with; kept when Login is switched off.",
    )
    access_state = fields.Selection(
        [("none", "No access"), ("pending", "Pending activation"), ("active", "Active")],
        string="Access",
        compute="_compute_access_state",
        store=True,
        help="Whether this address may log in to the client portal for this account, and has chosen a password.",
    )
    activated_on = fields.Datetime(related="login_id.activated_on")

    _email_normalized_idx = models.Index("(email_normalized)")

    @api.constrains("email", "contact_id")
    def _check_email(self):
        """Take only an address the contact has now. It stays when the contact loses it later."""
        for row in self:
            # not email_normalized, which may be waiting for its turn when the contact has just changed
            if email_normalize(row.email) not in row.contact_id._get_emails_normalized():
                raise ValidationError(
                    self.env._(
                        "%(email)s is not an e-mail address of %(contact)s. Choose one of the contact's "
                        "addresses, or add it to the contact first.",
                        email=row.email,
                        contact=row.contact_id.display_name,
                    )
                )

    @api.constrains("account_id", "contact_id", "email")
    def _check_unique(self):
        # sudo: a duplicate is one, whether or not the user may see the other row
        rows = self.sudo()
        rows.account_id._lock_contacts()
        same_pairs = rows.search(
            [("account_id", "in", rows.account_id.ids), ("contact_id", "in", rows.contact_id.ids)]
        )
        seen = set()
        for row in same_pairs:
            key = (row.account_id, row.contact_id, email_normalize(row.email))
            if key in seen:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is already on the account %(account)s with %(email)s. Change the "
                        "switches of that line, or choose another address.",
                        contact=row.contact_id.display_name,
                        account=row.account_id.display_name,
                        email=row.email,
                    )
                )
            seen.add(key)

    @api.depends("contact_id")
    def _compute_email(self):
        """Start with the contact's main address; keep one that was chosen among the contact's own."""
        for row in self:
            available = row.contact_id._get_emails_normalized()
            if email_normalize(row.email or "") not in available:
                row.email = available[0] if available else False

    @api.depends("email")
    def _compute_email_normalized(self):
        for row in self:
            row.email_normalized = email_normalize(row.email or "")

    @api.depends("contact_id.email_normalized", "contact_id.alternative_email_ids.email_normalized")
    def _compute_available_emails(self):
        for row in self:
            row.available_emails = row.contact_id._get_emails_normalized()

    @api.depends("login", "login_id.state")
    def _compute_access_state(self):
        for row in self:
            row.access_state = row.login_id.state or "pending" if row.login else "none"

    @api.depends("contact_id", "email")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.contact_id.display_name} <{row.email}>"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._update_login()
        rows._request_history()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if vals.get("email_sync") or vals.get("email"):
            self._request_history()
        return result

    def _request_history(self):
        """Have the mail with these addresses fetched that mailboxes have left out until now."""
        self.env["escala.history.request"]._add(self.filtered("email_sync").mapped("email_normalized"))
