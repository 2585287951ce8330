"""Requests whose fields have names that people choose."""

from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Give an endpoint with `only_parameters` those of its address alone: a form may call a field `self`."""
        if names := endpoint.routing.get("only_parameters"):
            request.params = {name: request.params[name] for name in names}
        return super()._dispatch(endpoint)
