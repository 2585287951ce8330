"""`/escala/facebook/<token>`: Facebook's webhook. It is verified once, then announces leads."""

import hmac
import json

from odoo import http
from odoo.http import request

from odoo.addons.escala_mail_sync.secret import SecretUnreadable

from ..facebook import is_signed, read_leadgen_ids

# Facebook puts up to a thousand changes into one message.
MAX_BYTES = 2 * 1024 * 1024


class FacebookController(http.Controller):
    @http.route(
        "/escala/facebook/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def verify(self, token, **parameters):
        """Answer Facebook's question whether this is the webhook it was told of ("Verification Requests")."""
        source = self._find(token)
        given = parameters.get("hub.verify_token", "")
        if (
            not source
            or parameters.get("hub.mode") != "subscribe"
            or not hmac.compare_digest(given.encode(), source.verify_token.encode())
        ):
            return request.make_response("forbidden", status=403)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        return request.make_response(parameters.get("hub.challenge", ""), headers)

    @http.route(
        "/escala/facebook/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
        only_parameters=("token",),
    )
    def announce(self, token):
        """Queue the leads that a signed message announces; they are fetched afterwards."""
        source = self._find(token)
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            return request.make_response("too large", status=413)
        body = request.httprequest.get_data()
        signature = request.httprequest.headers.get("X-Hub-Signature-256")
        try:
            app_secret = source._read_secret("app_secret")
        except SecretUnreadable:
            app_secret = ""  # as if it had not been entered
        if not source or not is_signed(body, signature, app_secret):
            return request.make_response("forbidden", status=403)
        try:
            leadgen_ids = read_leadgen_ids(json.loads(body))
        except (ValueError, RecursionError):
            return request.make_response("bad request", status=400)
        # Also while paused, to be fetched later: Facebook announces a lead for a day or so, and then no more.
        source._take_in_leads(leadgen_ids)
        return request.make_response("ok")

    def _find(self, token):
        source = request.env["contact.source"]._find_by_token(token)
        return source if source.kind == "lead_ad" else source.browse()
