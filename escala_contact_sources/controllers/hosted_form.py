"""`/escala/form/<token>`: a page with a form, for who has no page of their own."""

import secrets

from odoo import http
from odoo.http import request


class HostedFormController(http.Controller):
    @http.route(
        "/escala/form/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def hosted_form(self, token, **_parameters):
        """Show the form of a source."""
        source = request.env["contact.source"]._find_by_token(token)
        if source.kind != "form":
            return request.not_found()
        if source.paused:
            message = request.env._("This form is closed for the time being.")
            values = {"source": source, "message": message}
            return request.render("escala_contact_sources.refused_page", values)
        return request.render(
            "escala_contact_sources.hosted_form",
            # a key of its own for each page: two clicks on Send are one submission
            {"source": source, "errors": {}, "values": {}, "unseen": [], "key": secrets.token_urlsafe(16)},
        )

    @http.route(
        "/escala/form/<string:token>/thanks",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def thanks(self, token, **_parameters):
        """Say that it has arrived."""
        source = request.env["contact.source"]._find_by_token(token)
        if source.kind != "form":
            return request.not_found()
        return request.render("escala_contact_sources.thanks_page", {"source": source})
