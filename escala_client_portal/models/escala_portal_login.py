"""An address that may log in to the client portal: its user, and how far its invitation has come."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


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
            self._check_owner(
                address, contact, by_address.get(address, self), users.get(address, self.env["res.users"])
            )
        missing = {address: contact for address, contact in contacts.items() if address not in by_address}
        users |= self._create_users(
            {address: contact for address, contact in missing.items() if address not in users}
        )
        made = self.sudo().create(
            [
                {
                    "contact_id": contact.id,
                    "email_normalized": address,
                    "user_id": users[address].id,
                    "activated_on": users[address].login_date,
                }
                for address, contact in missing.items()
            ]
        )
        return by_address | {login.email_normalized: login for login in made}

    @api.model
    def _check_owner(self, address, contact, login, user):
        """Refuse an address that logs somebody else in, or a colleague: that one would lose the rights of a user."""
        owner = login.contact_id or user.partner_id
        if owner and (owner != contact or (user and user._is_internal())):
            raise ValidationError(
                self.env._(
                    "%(email)s already logs in as %(name)s. Choose another address, or merge the contacts.",
                    email=address,
                    name=owner.display_name,
                )
            )

    @api.model
    def _create_users(self, contacts):
        """Create portal users without a password: as portal_wizard.py, `_create_user`, but all of them at once.

        Each is a copy of Odoo's template of portal users (auth_signup/models/res_users.py, _create_user_from_template).

        :param contacts: res.partner by normalised address
        :return: res.users by normalised address
        """
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: a setting of the database
        # sudo: as in _get_or_create
        users = self.env["res.users"].sudo().with_context(no_reset_password=True, tracking_disable=True)
        template = users.browse(int(parameters.get_param("base.template_portal_user_id")))
        made = users.create(
            [
                template.copy_data(
                    {
                        "login": address,
                        "partner_id": contact.id,
                        "active": True,
                        "company_id": (contact.company_id or self.env.company).id,
                        "company_ids": [Command.set((contact.company_id or self.env.company).ids)],
                    }
                )[0]
                for address, contact in contacts.items()
            ]
        )
        return {user.login: user for user in made}

    def _get_open_rows(self):
        """Return the rows by which these logins may enter an account now."""
        # sudo: as in _get_or_create
        rows = self.env["escala.account.contact"].sudo()
        return rows.search([*rows._may_enter_domain(), ("login_id", "in", self.ids)])

    def _update_users(self):
        """Let in who may enter an account; whoever has none left is out at once, with open sessions and links."""
        # sudo: as in _get_or_create
        logins = self.sudo().exists()
        rows = logins._get_open_rows()
        open_logins = rows.login_id.filtered("contact_id.active")
        open_logins._activate_users()
        self._let_into_companies(rows)
        closed = logins - open_logins
        closed._cancel_invitation()
        users = closed.user_id.filtered(lambda user: user.active and not user._is_internal())
        # Odoo gives a session up as soon as its user is archived (base/models/res_users.py, _session_token_fields).
        users.with_context(keep_client_access=True).active = False

    @api.model
    def _let_into_companies(self, rows):
        """Give the users the companies of their accounts: Odoo shows nobody the documents of other companies.

        :param rows: escala.account.contact, in sudo
        """
        for login, of_login in rows.grouped("login_id").items():
            missing = of_login.account_id.company_id - login.user_id.company_ids
            if missing and not login.user_id._is_internal():
                login.user_id.company_ids |= missing

    def _activate_users(self):
        """Activate the users, with the password that they had, and as portal users, if the wizard has undone that."""
        portal, public = self.env.ref("base.group_portal"), self.env.ref("base.group_public")
        users = self.user_id.filtered(lambda user: not user._is_internal())
        for user in users.filtered(lambda user: not user.active or not user._is_portal()):
            user.with_context(keep_client_access=True).write(
                {"active": True, "group_ids": [Command.link(portal.id), Command.unlink(public.id)]}
            )

    def _discard_unused(self):
        """Delete the logins that have no row any more and were never used, with the users that were made for them."""
        # sudo: as in _get_or_create
        logins = self.sudo().exists()
        used = self.env["escala.account.contact"].sudo().search([("login_id", "in", logins.ids)]).login_id
        unused = (logins - used).filtered(
            lambda login: (
                not login.activated_on and not login.user_id.login_date and not login.user_id._is_internal()
            )
        )
        unused._cancel_invitation()
        unused.user_id.unlink()  # and, by that, the logins
