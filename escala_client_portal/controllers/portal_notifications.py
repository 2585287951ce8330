"""What a client is notified of, as it chooses it."""

from odoo.fields import Command
from odoo.http import Controller, request, route

from .account_guard import active_account

URL = "/my/notifications"


class PortalNotifications(Controller):
    @route(URL, type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def show(self, saved=None, **_options):
        """Show what the address that is logged in is notified of on the account."""
        account = active_account()
        values = {
            "account": account,
            "categories": self._get_categories(),
            "page_name": "notifications",
            "row": self._get_row(account),
            "saved": saved,
        }
        return request.render("escala_client_portal.portal_notifications", values)

    @route(URL, type="http", auth="user", website=True, methods=["POST"])
    def save(self, account_id, notify=None, **_options):
        """Keep what was ticked."""
        row = self._get_row(active_account(account_id))
        keys = set(request.httprequest.form.getlist("category"))
        unwanted = self._get_categories().filtered(lambda category: category.key not in keys)
        row.write({"notify": bool(notify), "muted_category_ids": [Command.set(unwanted.ids)]})
        return request.redirect(f"{URL}?saved=1")

    def _get_categories(self):
        # sudo: they are what the page shows; clients have no access to the model otherwise
        return request.env["escala.notification.category"].sudo().search([])

    def _get_row(self, account):
        # sudo: a client reads no rows; this is its own, of the account that it is in
        rows = request.env["escala.account.contact"].sudo()
        return rows.search(
            [
                ("account_id", "=", account.id),
                ("login", "=", True),
                ("login_id.user_id", "=", request.env.uid),
            ],
            limit=1,
        )
