"""Record rules that show a client the account that it is in, and no other."""

from odoo import models


class AccountUser:
    """A user whose company is the client account: for Odoo's rules of the portal, which all ask for that.

    They say `user.commercial_partner_id` or `user.partner_id.commercial_partner_id`, in every add-on.
    """

    def __init__(self, user, account):
        self._user = user
        self.commercial_partner_id = account

    def __getattr__(self, name):
        return getattr(self._user, name)


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _eval_context(self):
        context = super()._eval_context()
        user = self.env.user
        if user._is_client():
            context["user"] = AccountUser(context["user"], user._get_active_account().commercial_partner_id)
        return context

    def _compute_domain_context_values(self):
        """Keep the rules of each account apart in the cache; an account that may not be entered any more has none."""
        yield from super()._compute_domain_context_values()
        user = self.env.user
        if user._is_client():
            yield user._get_active_account().id
