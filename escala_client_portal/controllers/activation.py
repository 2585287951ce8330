"""The pages behind the link of an invitation: choose a password, or ask for a new link."""

import logging

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.portal.controllers.web import Home

from ..computers import computer_of

_logger = logging.getLogger(__name__)

# How many within how many minutes.
WRONG_LINKS = (20, 15)  # of one computer
LINKS_TO_AN_ADDRESS = (3, 60)
LINKS_BY_A_COMPUTER = (20, 60)


class PortalActivation(http.Controller):
    @http.route(
        "/my/activate/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def activate(self, token, password="", confirm_password="", **_kwargs):
        """Show the form; take the password that was chosen in it, and log in.

        To look at the page changes nothing: mail servers open the links of the mails that they check.
        """
        attempts, computer = self._attempts(), computer_of(request.httprequest.remote_addr)
        if attempts._is_over("activation", computer, *WRONG_LINKS):
            return self._too_many()
        # sudo: nobody reads the links; who knows one may use it
        link = request.env["escala.portal.activation"].sudo()._find(token)
        state = link._get_state()
        if state != "valid":
            if state == "unknown":
                attempts._record("activation", computer)
            return self._render("no_link", state=state, token=token if link else "", status=410)
        values = {"login": link.login_id, "accounts": link.login_id._get_account_names(), "token": token}
        if request.httprequest.method == "GET":
            return self._render("activate", **values)
        if error := self._choose(link, password, confirm_password):
            return self._render("activate", error=error, **values)
        return self._log_in(link.login_id.user_id, password)

    @http.route(
        "/my/activate", type="http", auth="public", methods=["GET", "POST"], website=True, sitemap=False
    )
    def new_link(self, token="", email="", **_kwargs):
        """Send a new link to the address that had the one with this token, or to the one that was typed.

        The answer is the same whether there is such an address.
        """
        if request.httprequest.method == "GET":
            return self._render("no_link", state="unknown", token="")
        # sudo: as above
        link = request.env["escala.portal.activation"].sudo()._find(token) if token else None
        address = link.login_id.email_normalized if link else email_normalize(email)
        if not address:
            return self._render("no_link", state="unknown", token="", error=True)
        attempts, computer = self._attempts(), computer_of(request.httprequest.remote_addr)
        if not (
            attempts._allow("link by", computer, *LINKS_BY_A_COMPUTER)
            and attempts._allow("link to", address, *LINKS_TO_AN_ADDRESS)
        ):
            return self._too_many()
        self._send_link(address)
        return self._render("link_sent")

    def _attempts(self):
        # sudo: nobody reads the attempts
        return request.env["escala.portal.attempt"].sudo()

    def _choose(self, link, password, confirmation):
        """Set the password; return what is wrong with it, if anything is."""
        if not password:
            return request.env._("Choose a password.")
        if password != confirmation:
            return request.env._("The two passwords are not the same. Please type them again.")
        try:
            with request.env.cr.savepoint():
                link._use(password)
        except UserError as error:
            return error.args[0]
        return None

    def _log_in(self, user, password):
        """Begin a session of the user, whoever was logged in before, and go to the portal."""
        request.env.cr.commit()  # as Odoo (auth_signup, do_signup): the password stays, even if logging in fails
        request.session.logout(keep_db=True)
        credential = {"login": user.login, "password": password, "type": "password"}
        try:
            info = request.session.authenticate(request.env, credential)
        except AccessDenied:  # too many wrong passwords before this one
            return self._render("password_saved")
        return request.redirect(Home()._login_redirect(info["uid"]))

    def _send_link(self, address):
        # sudo: as above
        login = request.env["escala.portal.login"].sudo().search([("email_normalized", "=", address)])
        if not login._get_open_rows():
            _logger.info("A link was asked for an address that may not log in")
            return
        login._send_password_link()

    def _too_many(self):
        return self._render("too_many", status=429)

    def _render(self, page, status=200, **values):
        response = request.render(f"escala_client_portal.portal_{page}", values, status=status)
        # The secret is in the address: it is neither to be kept nor to be told to other sites, nor shown in a frame.
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        return response
