"""Pages of the portal need an account to be in."""

from odoo import models
from odoo.http import request

from ..exceptions import NoAccount

# These are about the person or a link, or ask for the account themselves.
WITHOUT_ACCOUNT = (
    "/my/account",
    "/my/account/hide-bar",
    "/my/account/switch",
    "/my/activate",
    "/my/activate/<string:token>",
    "/my/address/submit",
    "/my/choose-account",
    "/my/deactivate_account",
    "/my/home",
    "/my/security",
)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Override: whoever is in no account chooses one before anything else; links with a token lead on."""
        result = super()._pre_dispatch(rule, args)
        if (
            rule.rule.startswith("/my/")
            and rule.rule not in WITHOUT_ACCOUNT
            and rule.endpoint.routing["type"] == "http"
            and "access_token" not in request.httprequest.args
        ):
            user = request.env.user
            if user._is_client() and not user._get_active_account():
                raise NoAccount
        return result
