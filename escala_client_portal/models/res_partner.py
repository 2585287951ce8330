"""Contacts as client accounts, and as people with access to them."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    account_contact_ids = fields.One2many(
        "escala.account.contact",
        "account_id",
        string="Contacts with Access",
        domain=[("contact_id.deletion_date", "=", False)],
        groups="base.group_user",
        help="Who has access to this client account, address by address.",
    )
    client_account_ids = fields.One2many(
        "escala.account.contact",
        "contact_id",
        string="Client Accounts",
        domain=[("account_id.deletion_date", "=", False)],
        groups="base.group_user",
        help="The client accounts this contact has access to, address by address.",
    )

    def _filter_present(self):
        """Return those of these contacts and accounts that are neither archived nor in the bin."""
        return self.filtered(lambda partner: partner.active and not partner.deletion_date)

    def _get_client_responsible(self, contact=None):
        """Return who of the firm looks after this account, and so after what its clients send.

        Its salesperson, or else the contact's, or else whoever gave the contact, or the first of all, access.

        :param contact: res.partner, who of the clients it is about, if anybody
        :return: res.users, one; none if none of them is there any more
        """
        # sudo: clients read none of this
        account, contact = self.sudo(), (contact or self.browse()).sudo()
        rows = account.account_contact_ids.sorted("id")
        users = account.user_id | contact.user_id | contact.commercial_partner_id.user_id
        users |= rows.filtered(lambda row: row.contact_id == contact).create_uid | rows.create_uid
        return users.filtered(lambda user: user.active and user._is_internal())[:1]

    def _get_emails_normalized(self):
        """Return the normalised addresses of one contact, or of none: the primary first."""
        # sudo: the addresses are as visible as the contact, which the caller has
        contact = self.sudo()
        alternatives = contact.alternative_email_ids.mapped("email_normalized")
        return list(dict.fromkeys(filter(None, [contact.email_normalized, *alternatives])))

    @api.model
    def _get_synced_addresses(self, partners_by_email):
        """Let the switches of the accounts decide for the addresses that are on one; the contact for the others."""
        synced = super()._get_synced_addresses(partners_by_email)
        # sudo: whether mail is brought in does not depend on who may see the account
        rows = self.env["escala.account.contact"].sudo()
        on_accounts = rows.search([("email_normalized", "in", list(partners_by_email))])
        switched_on = on_accounts.filtered("email_sync").mapped("email_normalized")
        return (synced - set(on_accounts.mapped("email_normalized"))) | set(switched_on)
