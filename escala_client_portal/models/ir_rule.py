"""Record rules that show a client the account that it is in, and no other."""

from odoo import models

# The id of no partner. False would be taken for "without a partner" by `child_of` (odoo/orm/domains.py).
NOBODY = -1


class InAccount:
    """A user, or its contact, whose company is the client account: what Odoo's rules for the portal ask for.

    They say `user.commercial_partner_id` or `user.partner_id.commercial_partner_id`, in every add-on.
    """

    def __init__(self, record, account):
        self._record = record
        self.commercial_partner_id = account

    def __getattr__(self, name):
        value = getattr(self._record, name)
        return InAccount(value, self.commercial_partner_id) if name == "partner_id" else value


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _eval_context(self):
        """Override: rules may ask `is_client`, and see the user in its account."""
        context = super()._eval_context()
        user = self.env.user
        context["is_client"] = user._is_client()
        if context["is_client"]:
            account = user._get_active_account()
            # not its commercial partner, which may be the client of somebody else
            context["user"] = InAccount(context["user"], account or account.browse(NOBODY))
        return context

    def _compute_domain_context_values(self):
        """Override: keep the rules of each account apart in the cache, and those of who is in none, too."""
        yield from super()._compute_domain_context_values()
        user = self.env.user
        if user._is_client():
            yield user._get_active_account().id
