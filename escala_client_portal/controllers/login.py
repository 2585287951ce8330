"""Each login begins without an account chosen, and with the bar that names it."""

from odoo.http import request

from odoo.addons.portal.controllers.web import Home

from ..models.res_users import SESSION_KEY
from .account import HIDDEN_BAR_KEY


class ClientHome(Home):
    def _login_redirect(self, uid, redirect=None):
        for key in (SESSION_KEY, HIDDEN_BAR_KEY, "portal_counters"):
            request.session.pop(key, None)
        return super()._login_redirect(uid, redirect=redirect)
