"""An address that may log in to the client portal: its user, and how far its invitation has come."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EscalaPortalLogin(models.Model):
    """One per address, however many accounts it is on: who logs in with it sees them all, one at a time.

    The user's partner is the contact, its login the address; a contact with two addresses has two users. Which
    accounts a login may enter is said by the rows of escala.account.contact, and by nothing else.
    """

    _name = "escala.portal.login"
    _inherit = ["contact.access.mixin"]
    _description = "Login of the Client Portal"
    _rec_name = "email_normalized"
    _contact_access_fields = ("contact_id",)

    contact_id = fields.Many2one("res.partner", required=True, index=True, readonly=True, ondelete="cascade")
    email_normalized = fields.Char("E-mail Address", required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, index=True, readonly=True, ondelete="cascade")
    row_ids = fields.One2many("escala.account.contact", "login_id", string="Accounts", readonly=True)
    invited_on = fields.Datetime(readonly=True, help="When the last invitation was sent.")
    activated_on = fields.Datetime(readonly=True, help="When a password was chosen for the first time.")
    state = fields.Selection(
        [("pending", "Pending activation"), ("active", "Active")], compute="_compute_state", store=True
    )

    _one_per_address = models.UniqueIndex("(email_normalized)")

    @api.depends("activated_on")
    def _compute_state(self):
        for login in self:
            login.state = "active" if login.activated_on else "pending"

    @api.model
    def _get_or_create(self, rows):
        """Return the logins of these rows' addresses, made where there are none; a portal user is adopted.

        :param rows: escala.account.contact, with addresses
        :return: escala.portal.login by normalised address
        :raises ValidationError: the address logs somebody else in
        """
        # sudo: who may edit the account may let its contacts in (as Odoo's portal wizard, portal_wizard.py)
        contacts = {row.email_normalized: row.contact_id for row in rows.sudo()}
        logins = self.sudo().search([("email_normalized", "in", list(contacts))])
        by_address = {login.email_normalized: login for login in logins}
        users = self.env["res.users"].sudo().with_context(active_test=False)
        users = {user.login: user for user in users.search([("login", "in", list(contacts))])}
        for address, contact in contacts.items():
            owner = (
                by_address[address].contact_id
                if address in by_address
                else users.get(address).partner_id
                if address in users
                else contact
            )
            if owner != contact or (address in users and users[address]._is_internal()):
                raise ValidationError(
                    self.env._(
                        "%(email)s already logs in as %(name)s. Choose another address, or merge the contacts.",
                        email=address,
                        name=owner.display_name,
                    )
                )
        missing = [address for address in contacts if address not in by_address]
        made = self.sudo().create(
            [
                {
                    "contact_id": contacts[address].id,
                    "email_normalized": address,
                    "user_id": (users.get(address) or self._create_user(contacts[address], address)).id,
                    "activated_on": address in users and users[address].login_date,
                }
                for address in missing
            ]
        )
        return by_address | {login.email_normalized: login for login in made}

    @api.model
    def _create_user(self, contact, address):
        """Create a portal user without a password (as portal_wizard.py, _create_user)."""
        company = contact.company_id or self.env.company
        # sudo: as in _get_or_create
        users = self.env["res.users"].sudo().with_context(no_reset_password=True, tracking_disable=True)
        return users._create_user_from_template(
            {
                "login": address,
                "partner_id": contact.id,
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
        )
