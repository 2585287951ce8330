"""What ends a request in a clear page of its own: Odoo sends the response that the exception holds (odoo/http.py)."""

from werkzeug.exceptions import HTTPException

from odoo.http import request

CHOOSE_URL = "/my/choose-account"


class NoAccount(HTTPException):
    """The client is in no account: it has to choose one, and then comes back to the page that it wanted."""

    def __init__(self):
        wanted = request.httprequest.full_path.rstrip("?") if request.httprequest.method == "GET" else "/my"
        super().__init__(response=request.redirect_query(CHOOSE_URL, {"redirect": wanted}))


class OtherAccount(HTTPException):
    """The client is in one account, and what it wants belongs to another; nothing has been done."""

    def __init__(self, active, wanted, back="/my"):
        """Say so in a page.

        :param active: res.partner, the account that the client is in
        :param wanted: res.partner, another account of the client's, which the page offers to switch to; or none
        :param back: where the switch leads, a path
        """
        values = {"client_account": active, "wanted": wanted, "redirect": back, "no_breadcrumbs": True}
        response = request.render("escala_client_portal.other_account", values, status=409)
        response.flatten()
        super().__init__(response=response)
