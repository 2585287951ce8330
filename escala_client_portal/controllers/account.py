"""Choosing the account to be in, and switching."""

from odoo.http import Controller, request, route

HIDDEN_BAR_KEY = "escala_account_bar_hidden"


class ClientAccount(Controller):
    @route("/my/choose-account", type="http", auth="user", website=True, sitemap=False)
    def choose_account(self, redirect="/my", **_kwargs):
        """Show the accounts to choose from; for who has no window over the page, or came by a link."""
        return request.render(
            "escala_client_portal.choose_account", {"redirect": redirect, "no_breadcrumbs": True}
        )

    @route("/my/account/switch", type="http", auth="user", methods=["POST"], website=True, sitemap=False)
    def switch_account(self, account_id="", redirect="/my", **_kwargs):
        """Enter one of the client's accounts; any other id leads back to the choice."""
        user = request.env.user
        account = user._get_client_accounts().filtered(lambda account: str(account.id) == account_id)
        if not account:
            return request.redirect("/my/choose-account")
        user._choose_account(account)
        return request.redirect(redirect or "/my")

    @route("/my/account/hide-bar", type="http", auth="user", methods=["POST"], website=True, sitemap=False)
    def hide_account_bar(self, redirect="/my", **_kwargs):
        """Close the bar with the account's name until the next login."""
        request.session[HIDDEN_BAR_KEY] = True
        return request.redirect(redirect or "/my")
