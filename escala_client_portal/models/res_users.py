"""The client accounts that a portal user may enter, and the one that it is in."""

from odoo import api, models
from odoo.http import request

# The key under which a session, or the context where there is none, keeps the id of the chosen account.
SESSION_KEY = "escala_account_id"
# The key of the context under which code on the server looks at things from within an account.
SEEN_FROM = "escala_seen_from_account"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_client_accounts(self):
        """Return the client accounts that this user's address may enter; none for who is no client."""
        return self._get_client_access()[1]

    def _is_client(self) -> bool:
        """Tell whether the client portal has given this user an address to log in with, whatever it may enter now."""
        return self._get_client_access()[0]

    def _get_active_account(self):
        """Return the client account that this user is in: the chosen one if it may still be entered, or the only one.

        Nobody who has chosen an account and lost it is moved to another one: that would be a surprise.
        """
        accounts = self._get_client_accounts()
        seen_from = self.env.context.get(SEEN_FROM)
        if isinstance(seen_from, models.BaseModel):  # no browser can send a record
            return accounts & seen_from
        chosen = self._get_chosen_account_id()
        if chosen:
            return accounts.filtered(lambda account: account.id == chosen)
        return accounts if len(accounts) == 1 else accounts.browse()

    def _get_lost_account(self):
        """Return the account that was chosen and may not be entered any more; none if there is no such."""
        chosen = self.env["res.partner"].sudo().browse(self._get_chosen_account_id()).exists()
        return chosen - self._get_client_accounts()

    def _choose_account(self, account):
        """Enter one of the user's accounts for the rest of the session, and forget what was seen of the one before.

        :param account: res.partner, one of _get_client_accounts()
        """
        for key in list(request.session):
            # portal_counters: which cards are shown on the home page; *_history: what the pager leads to
            if key == "portal_counters" or key.endswith("_history"):
                del request.session[key]
        request.session[SESSION_KEY] = account.id

    def _get_chosen_account_id(self):
        """Return the id in the user's session; in the context where nobody's session is; else False."""
        if not request:
            return self.env.context.get(SESSION_KEY) or False
        return self._is_own_request() and request.session.get(SESSION_KEY) or False

    def _get_client_access(self):
        """Return whether the user is a client, and the accounts that it may enter.

        Record rules ask for this many times in a request: it is looked up once in each, so that an access that was
        taken away is gone with the next one.
        """
        if self._is_internal() or self._is_public():
            return False, self.env["res.partner"]
        if not self._is_own_request():
            is_client, account_ids = self._find_client_access()
        else:
            if getattr(request, "client_access", None) is None:
                request.client_access = self._find_client_access()
            is_client, account_ids = request.client_access
        # sudo: a client sees the names of its accounts wherever it is
        return is_client, self.env["res.partner"].sudo().browse(account_ids)

    def _find_client_access(self) -> tuple[bool, tuple[int, ...]]:
        # sudo: a client reads neither logins nor rows; which are its own is decided here
        logins = self.env["escala.portal.login"].sudo().search([("user_id", "=", self.id)])
        if not logins:
            return False, ()
        rows = self.env["escala.account.contact"].sudo()
        domain = [
            ("login", "=", True),
            ("login_id", "in", logins.ids),
            ("account_id.deletion_date", "=", False),
            ("contact_id.deletion_date", "=", False),
        ]
        return True, rows.search(domain).account_id._ids

    @api.private
    def _is_own_request(self) -> bool:
        return bool(request) and request.session.uid == self.id
