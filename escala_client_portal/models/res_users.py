"""The client accounts that a portal user may enter, and the one that it is in."""

from odoo import models
from odoo.http import request

SESSION_KEY = "escala_account_id"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_client_accounts(self):
        """Return the client accounts that this user's address may enter; none for who is no client."""
        # sudo: a client reads no rows; which are its own is decided here
        rows = self.env["escala.account.contact"].sudo()
        return rows.search([*rows._may_enter_domain(), ("login_id.user_id", "=", self.id)]).account_id

    def _is_client(self) -> bool:
        """Tell whether the client portal has given this user an address to log in with, whatever it may enter now."""
        # sudo: as above
        logins = self.env["escala.portal.login"].sudo()
        return bool(logins.search_count([("user_id", "=", self.id)], limit=1))

    def _get_active_account(self):
        """Return the client account that this user is in: the chosen one if it may still be entered, or the only one.

        The choice is in the session; without a session, in the context. Asked anew each time, so that an access
        that was taken away is gone with the next request.
        """
        accounts = self._get_client_accounts()
        chosen = request.session.get(SESSION_KEY) if request else self.env.context.get(SESSION_KEY)
        return accounts.filtered(lambda account: account.id == chosen) or (
            accounts if len(accounts) == 1 else accounts.browse()
        )
