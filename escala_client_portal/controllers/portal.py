"""Odoo's own pages of the portal, from within the client's account."""

from werkzeug.exceptions import Forbidden

from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.res_users import SEEN_FROM
from .account_guard import offer_other_account


class ClientPortal(CustomerPortal):
    @route()
    def home(self, **kw):
        """Override: what waits for the client."""
        response = super().home(**kw)
        account = request.env.user._get_active_account()
        if account:
            response.qcontext["client_todos"] = request.env["res.partner"]._get_client_todos(account)
        return response

    @route()
    def counters(self, counters, **kw):
        """Override: remember nothing of a client in the session.

        The page asks for the counters while the client chooses an account; to save the session as it was before
        would undo the choice.
        """
        if request.env.user._is_client():
            return self._prepare_home_portal_values(counters)
        return super().counters(counters, **kw)

    def _prepare_portal_layout_values(self):
        """Override: the salesperson of the account."""
        values = super()._prepare_portal_layout_values()
        if request.env.user._is_client():
            values["sales_user"] = request.env.user._get_active_account().user_id
        return values

    # Documents

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Override: a page of another account of the client's says so, and offers to switch."""
        try:
            return super()._document_check_access(model_name, document_id, access_token=access_token)
        except AccessError:
            if request.dispatcher.routing_type == "http":
                document = request.env[model_name].browse(document_id)
                offer_other_account(
                    lambda account: document.with_context(**{SEEN_FROM: account}).has_access("read")
                )
            raise

    def _get_page_view_values(
        self, document, access_token, values, session_history, no_breadcrumbs, **kwargs
    ):
        """Override: the arrows lead to nothing that may not be read any more; Odoo gives them access tokens."""
        if session_history in request.session and request.env.user._is_client():
            seen = request.env[document._name].browse(request.session[session_history]).exists()
            request.session[session_history] = seen._filtered_access("read").ids
        return super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )

    # Details and addresses

    def _prepare_address_data(self, partner_sudo, **kwargs):
        """Override: the addresses of the account; they are read here."""
        if request.env.user._is_client():
            partner_sudo = request.env.user._get_active_account()
        return super()._prepare_address_data(partner_sudo, **kwargs)

    @route()
    def portal_address(self, partner_id=None, **kwargs):
        """Override: a client adds no addresses."""
        if not partner_id and request.env.user._is_client():
            raise Forbidden
        return super().portal_address(partner_id, **kwargs)

    @route()
    def portal_address_submit(self, partner_id=None, **form_data):
        """Override: as above."""
        if not partner_id and request.env.user._is_client():
            raise Forbidden
        return super().portal_address_submit(partner_id, **form_data)

    def _prepare_address_form_values(self, partner_sudo, *args, **kwargs):
        """Override: tell the form which fields are not the client's own."""
        return {
            **super()._prepare_address_form_values(partner_sudo, *args, **kwargs),
            "is_client": request.env.user._is_client(),
            "has_company_address": self._has_company_address(),
        }

    def _needs_address(self):
        return not self._has_company_address() and super()._needs_address()

    def _parse_form_data(self, form_data):
        """Override: a client changes no company, neither its name nor its address.

        Odoo copies the address of a contact to its company (base/models/res_partner.py, `_fields_sync`).
        """
        values, extra = super()._parse_form_data(form_data)
        if request.env.user._is_client():
            theirs = {"vat", "company_name"}
            if self._has_company_address():
                theirs.update(request.env["res.partner"]._address_fields())
            values = {name: value for name, value in values.items() if name not in theirs}
        return values, extra

    @staticmethod
    def _has_company_address() -> bool:
        """Tell whether the client's own address is the one of a company that it belongs to."""
        user = request.env.user
        return user._is_client() and bool(user.partner_id.parent_id)
