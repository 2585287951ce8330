"""What happens to logins when an account or a contact is archived, deleted, or given another address."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    current_account_contact_ids = fields.One2many(
        "escala.account.contact",
        "account_id",
        string="Addresses with Access",
        domain=[("contact_id.deletion_date", "=", False), ("is_former_address", "=", False)],
        groups="base.group_user",
    )
    former_account_contact_ids = fields.One2many(
        "escala.account.contact",
        "account_id",
        string="Addresses No Longer on the Contact",
        domain=[("contact_id.deletion_date", "=", False), ("is_former_address", "=", True)],
        groups="base.group_user",
        help="Addresses that their contacts have lost, and that may still do what is switched on.",
    )
    uninvited_count = fields.Integer(
        string="Addresses to Invite",
        compute="_compute_uninvited_count",
        groups="base.group_user",
        help="How many addresses may log in, for this account or of this contact, and have not been invited.",
    )

    @api.depends(
        "account_contact_ids.login",
        "account_contact_ids.invited_on",
        "client_account_ids.login",
        "client_account_ids.invited_on",
    )
    def _compute_uninvited_count(self):
        for partner in self:
            partner.uninvited_count = len(partner._get_uninvited_rows())

    def _get_uninvited_rows(self):
        rows = self.account_contact_ids | self.client_account_ids
        return rows.filtered(lambda row: row.login and not row.invited_on)

    def action_invite_clients(self):
        """Open what is to be sent to the addresses that may log in and have not been invited."""
        return self._get_uninvited_rows().action_send_invitation()

    def write(self, vals):
        """Override: logins follow their contacts and accounts."""
        if vals.get("active") is False:
            self._close_client_logins()
        # sudo: access follows the address on accounts that the user may not see, too
        contacts = self.sudo().client_account_ids.contact_id if "email" in vals else self.browse()
        before = {contact: contact._get_emails_normalized() for contact in contacts}
        result = super().write(vals)
        for contact, addresses in before.items():
            contact._follow_replaced_address(addresses, contact.email_normalized)
        if {"active", "company_id"} & vals.keys():
            self._get_client_logins()._update_users()
        return result

    def _follow_replaced_address(self, before, new):
        """Let the rows of this contact follow an address that has been replaced by another.

        :param list before: normalised addresses that the contact had, the one that was written first
        :param str new: the normalised address that is there instead
        """
        now = self._get_emails_normalized()
        if before and new and new not in before and before[0] not in now:
            # sudo: as in write
            self.sudo().client_account_ids._replace_address(before[0], new)

    def _get_client_logins(self):
        """Return the logins of these contacts, and those that may enter these accounts."""
        # sudo: whoever may archive a contact ends its access, as with Odoo's own users
        logins = self.env["escala.portal.login"].sudo()
        domain = ["|", ("contact_id", "in", self.ids), ("row_ids.account_id", "in", self.ids)]
        return logins.with_context(active_test=False).search(domain)

    def _close_client_logins(self):
        """Deactivate the users of these contacts: Odoo archives no contact of an active user (res.partner, write)."""
        logins = self._get_client_logins().filtered(lambda login: login.contact_id in self)
        users = logins.user_id.filtered(lambda user: user.active and not user._is_internal())
        if users:
            logins._cancel_invitation()
            users.with_context(keep_client_access=True).active = False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_user(self):
        """Override: the users of the client portal go with their contact."""
        # sudo: as in _get_client_logins
        rows = self.env["escala.account.contact"].sudo()
        rows.search(["|", ("account_id", "in", self.ids), ("contact_id", "in", self.ids)]).unlink()
        logins = self._get_client_logins()
        logins._cancel_invitation()
        logins.user_id.filtered(lambda user: not user._is_internal()).unlink()
        return super()._unlink_except_user()
