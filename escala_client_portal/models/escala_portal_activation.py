"""A link by which whoever reads the mail of an address chooses the password of its user."""

from datetime import timedelta

from odoo import api, fields, models

from ..tokens import hash_token, new_token

DAYS_VALID = 7
HOURS_VALID_RESET = 4
DAYS_KEPT = 30


class EscalaPortalActivation(models.Model):
    """It is used once, until it expires; an invitation replaces the links before, and using one ends the others.

    The link is known to the mail alone: what is stored is a hash of its secret. Nobody has access rights here.
    """

    _name = "escala.portal.activation"
    _description = "Link to Choose a Password"
    _rec_name = "login_id"

    login_id = fields.Many2one("escala.portal.login", required=True, index=True, ondelete="cascade")
    token_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    purpose = fields.Selection(
        [("invitation", "Invitation"), ("reset", "New password")], required=True, default="invitation"
    )
    expires_on = fields.Datetime(required=True)
    used_on = fields.Datetime()
    replaced_on = fields.Datetime(help="When a newer link was sent.")

    _one_per_hash = models.UniqueIndex("(token_hash)")

    @api.model
    def _create_links(self, logins, purpose, replace=True):
        """Make a new link for each of the logins; the older ones are of no use any more.

        :param str purpose: "invitation" or "reset"
        :param bool replace: False to leave the older ones alone, until one of them is used
        :return: dict of the addresses of the links by id of the login
        """
        if replace:
            self.search([("login_id", "in", logins.ids)])._replace()
        tokens = {login: new_token() for login in logins}
        expires_on = fields.Datetime.now() + self._get_validity(purpose)
        self.create(
            [
                {
                    "login_id": login.id,
                    "token_hash": hash_token(token),
                    "purpose": purpose,
                    "expires_on": expires_on,
                }
                for login, token in tokens.items()
            ]
        )
        return {
            login.id: f"{login.contact_id.get_base_url()}/my/activate/{token}"
            for login, token in tokens.items()
        }

    @api.model
    def _get_validity(self, purpose):
        """Return how long a link is valid, as a timedelta; for a new password, as long as Odoo's."""
        # sudo: a system parameter
        parameters = self.env["ir.config_parameter"].sudo()
        if purpose == "reset":
            return timedelta(
                hours=int(
                    parameters.get_param("auth_signup.reset_password.validity.hours", HOURS_VALID_RESET)
                )
            )
        return timedelta(days=int(parameters.get_param("escala_client_portal.invitation_days", DAYS_VALID)))

    @api.model
    def _find(self, token):
        """Return the link with this secret, or none."""
        return self.search([("token_hash", "=", hash_token(token))])

    def _get_state(self):
        """Return what the link is good for: "valid", "used", "expired", "replaced"; "unknown" also without access."""
        if not self or not self.login_id._get_open_rows() or not self.login_id.user_id.active:
            return "unknown"
        if self.used_on:
            return "used"
        if self.replaced_on:
            return "replaced"
        return "expired" if self.expires_on <= fields.Datetime.now() else "valid"

    def _use(self, password):
        """Give the user this password; the link, and any other of this login, is over.

        Of two at once the second waits for the row. Then Postgres refuses to change what has changed meanwhile, Odoo
        starts the request over, and that finds a used link.

        :raises UserError: the password is not one that may be chosen
        """
        now = fields.Datetime.now()
        self.used_on = now
        self.flush_recordset(["used_on"])
        login = self.login_id
        (self.search([("login_id", "=", login.id)]) - self)._replace()
        login.user_id.password = password
        if not login.activated_on:
            login.activated_on = now

    def _replace(self):
        self.filtered(
            lambda link: not link.used_on and not link.replaced_on
        ).replaced_on = fields.Datetime.now()

    @api.autovacuum
    def _gc_old(self):
        """Forget what has been over for a month."""
        before = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        self.search([("expires_on", "<", before)]).unlink()
