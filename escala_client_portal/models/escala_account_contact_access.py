"""What follows for logging in when the rows of an account change: users, invitations, addresses that were replaced."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize


class EscalaAccountContact(models.Model):
    _inherit = "escala.account.contact"

    invited_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When this address was last invited to this account.",
    )
    access_since = fields.Date(
        string="Since",
        compute="_compute_access_since",
        help="When the password was chosen or, until then, when the last invitation was sent.",
    )
    is_former_address = fields.Boolean(
        string="No Longer on the Contact",
        compute="_compute_is_former_address",
        store=True,
        help="The contact has lost this address. It may still do what is switched on here.",
    )

    @api.depends("email", "contact_id.email_normalized", "contact_id.alternative_email_ids.email_normalized")
    def _compute_is_former_address(self):
        for row in self:
            row.is_former_address = email_normalize(row.email) not in row.contact_id._get_emails_normalized()

    @api.depends("access_state", "invited_on", "activated_on")
    def _compute_access_since(self):
        for row in self:
            dates = {"active": row.activated_on, "pending": row.invited_on}
            row.access_since = dates.get(row.access_state, False)

    def write(self, vals):
        """Override: a change of the address is one of the login; a login that is switched on is to be invited anew."""
        self._check_no_login([vals])
        if used := self._filter_used(vals):
            others = {name: value for name, value in vals.items() if name != "email"}
            used.write(others)
            used._add_address(vals["email"])
        rows = self - used
        if not {"login", "email", "contact_id"} & vals.keys():
            return super(EscalaAccountContact, rows).write(vals)
        before = rows.login_id
        # sudo: the logins of hidden contacts count as well
        invited = rows.filtered(lambda row: row.login and row.sudo().login_id.invited_on)
        if vals.get("login"):
            rows.filtered(lambda row: not row.login).invited_on = False
        result = super(EscalaAccountContact, rows).write(vals)
        rows._update_login()
        left = before - rows.login_id
        left._update_users()
        left._discard_unused()
        invited.filtered(lambda row: row.login and row.login_id not in before)._invite()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Override: see _check_no_login."""
        self._check_no_login(vals_list)
        return super().create(vals_list)

    def _check_no_login(self, vals_list):
        """Refuse a login that somebody names: it follows from the address, and lets its user into the account."""
        names = {name for vals in vals_list for name in vals} | {
            key.removeprefix("default_") for key in self.env.context if key.startswith("default_")
        }
        if "login_id" in names and not self.env.su:
            raise AccessError(self.env._("Who logs in follows from the address; switch Login on or off."))

    def unlink(self):
        """Override: whoever has lost the last account is out."""
        logins = self.login_id
        result = super().unlink()
        logins._update_users()
        logins._discard_unused()
        return result

    @api.model
    def _may_enter_domain(self):
        """Return what the rows are like that let their address into the account."""
        return [
            ("login", "=", True),
            ("account_id.active", "=", True),
            ("account_id.deletion_date", "=", False),
            ("contact_id.deletion_date", "=", False),
        ]

    def _update_login(self):
        """Give the addresses that may log in a user of their own; close the users that have no account left."""
        stale = self.filtered(lambda row: row.login_id.email_normalized != row.email_normalized)
        switched_on = stale.filtered("login")
        logins = self.env["escala.portal.login"]._get_or_create(switched_on)
        for row in stale:
            # sudo: see _check_no_login
            row.sudo().login_id = logins[row.email_normalized] if row.login else False
        self.login_id._update_users()

    def _filter_used(self, vals):
        """Return the rows that get another address of the same contact, and whose own address logs in already."""
        if "email" not in vals or {"account_id", "contact_id"} & vals.keys() or not vals.get("login", True):
            return self.browse()
        address = email_normalize(vals["email"] or "")
        return self.filtered(lambda row: row.access_state == "active" and row.email_normalized != address)

    def _add_address(self, email):
        """Put one more address of the same contact on the same accounts, and invite it."""
        for row in self:
            row.copy({"email": email})._invite()

    def _replace_address(self, old, new):
        """Follow a contact whose address was replaced: the row, or one more if somebody logs in with the old one.

        :param str old: normalised address that the contact has no longer
        :param str new: normalised address that it has instead; the row does not follow to somebody else's
        """
        if self.env.user.share:
            return  # clients change their own address, and must not get at the mail of another one by that
        rows = self.filtered(lambda row: row.email_normalized == old)
        # sudo: a row of an account that the user may not see is one
        there = self.sudo().search([("email_normalized", "=", new)])
        if there.contact_id - rows.contact_id:
            return
        for row in rows.filtered(lambda row: row.account_id not in there.account_id):
            row.write({"email": new})

    def _invite(self):
        """Invite these addresses, without a message."""
        # sudo: who may edit the account may invite its contacts
        if logins := self.sudo().filtered("login").login_id:
            logins._send_invitation()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_send_invitation(self):
        """Open what is to be sent to these addresses, all of which may log in."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite to the client portal"),
            "res_model": "escala.portal.invitation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_row_ids": self.filtered("login").ids},
        }

    def action_unlink(self):
        """Take these addresses off their accounts."""
        self.unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
