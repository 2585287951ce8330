"""Signing in as a client: passwords, archiving, and how often one may try."""

import contextlib

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ..computers import computer_of

LOGIN_FAILURES = 20  # of one address, from one computer
# of one address, from whatever computers: many more, as nobody is to be shut out by somebody else's trying
LOGIN_FAILURES_EVERYWHERE = 200
LOGIN_MINUTES = 15
RESETS = 5  # of one address
RESET_MINUTES = 60


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_portal_logins(self):
        """Return what these users log in with, as far as they are clients."""
        # sudo: users read no logins; whoever has the user has its login
        logins = self.env["escala.portal.login"].sudo().with_context(active_test=False)
        return logins.search([("user_id", "in", self.ids)])

    def write(self, vals):
        """Override: whoever archives a client's user takes its access away; whoever activates one without accounts
        has an ordinary portal user again.
        """
        result = super().write(vals)
        if "active" in vals and not self.env.context.get("keep_client_access"):
            logins = self._get_portal_logins()
            if vals["active"]:
                (logins - logins._get_open_rows().login_id).unlink()
            else:
                logins.row_ids.filtered("login").login = False
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_client_access(self):
        """Switch off what the user logged in with."""
        self._get_portal_logins().row_ids.filtered("login").login = False

    @api.model
    def signup(self, values, token=None):
        """Override: Odoo's links are of a contact and change the password of its first user; a client's has its own.

        Clients get links of their own (`_action_reset_password`); one of Odoo's may be left from before.
        """
        if token:
            contact = self.env["res.partner"]._signup_retrieve_partner(
                token, check_validity=True, raise_exception=True
            )
            if contact.user_ids[:1]._get_portal_logins():
                raise UserError(
                    self.env._("This link is not valid any more. Ask for a new password on the login page.")
                )
        return super().signup(values, token=token)

    def _action_reset_password(self, signup_type="reset"):
        """Override: the link goes to the address that the client logs in with, and is for its password only."""
        logins = self._get_portal_logins()
        logins._send_password_link()
        others = self - logins.user_id
        if others or not logins:
            return super(ResUsers, others)._action_reset_password(signup_type=signup_type)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("A link for a new password is on its way.")},
        }

    def reset_password(self, login):
        """Override: not as often as one likes.

        :raises UserError: too often lately
        """
        # sudo: nobody reads the attempts
        attempts = self.env["escala.portal.attempt"].sudo()
        if request and not attempts._allow("reset", login.strip().lower(), RESETS, RESET_MINUTES):
            raise UserError(
                self.env._(
                    "A link has been asked for too often. Look in your mailbox, or try again in an hour."
                )
            )
        return super().reset_password(login)

    def _update_last_login(self):
        """Override: who logs in has a password, and so needs no link any more."""
        result = super()._update_last_login()
        pending = self._get_portal_logins().filtered(lambda login: login.state == "pending")
        pending.activated_on = self.env.cr.now()
        return result

    @contextlib.contextmanager
    def _assert_can_auth(self, user=None):
        """Override: Odoo counts the failures of a computer, in each worker; here those of an address count as well.

        Colleagues are left to Odoo: nobody may shut them out by trying.
        """
        with super()._assert_can_auth(user=user):
            address = self._get_limited_address(user)
            if address and self._is_login_over(address):
                raise AccessDenied(
                    self.env._("Too many login failures, please wait a bit before trying again.")
                )
            try:
                yield
            except AccessDenied:
                if address:
                    self._record_login_failure(address)
                raise

    def _is_login_over(self, address):
        """Tell whether there were too many failures of an address: from the computer that asks, or from all together.

        Those of other computers do not shut out one that the address has logged in from.
        """
        # sudo: nobody reads the attempts
        attempts = self.env["escala.portal.attempt"].sudo()
        if attempts._is_over("login from", self._get_login_key(address), LOGIN_FAILURES, LOGIN_MINUTES):
            return True
        everywhere = attempts._is_over("login", address, LOGIN_FAILURES_EVERYWHERE, LOGIN_MINUTES)
        return everywhere and not self._has_logged_in_from_here(address)

    @api.model
    def _has_logged_in_from_here(self, address) -> bool:
        # sudo: nobody is logged in yet; Odoo keeps where users had their sessions
        devices = self.env["res.device.log"].sudo()
        here = [("user_id.login", "=", address), ("ip_address", "=", request.httprequest.remote_addr)]
        return bool(devices.search_count(here, limit=1))

    @staticmethod
    def _get_login_key(address):
        """Return what the failures of an address are counted by at the computer that asks."""
        return f"{address} {computer_of(request.httprequest.remote_addr)}"

    def _get_limited_address(self, user):
        """Return what to count failures by; nothing for colleagues, and for what is no login."""
        if not request or not isinstance(user, str):
            return None
        # sudo: nobody is logged in yet
        found = self.sudo().search(self._get_login_domain(user), order=self._get_login_order(), limit=1)
        return None if found and found._is_internal() else user.strip().lower()[:254]

    def _record_login_failure(self, address):
        """Note it in a transaction of its own: the one of a refused call is rolled back."""
        with self.env.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            env["escala.portal.attempt"]._record("login", address)
            env["escala.portal.attempt"]._record("login from", self._get_login_key(address))
