"""Facebook's Lead Ads, without Odoo: the webhook's messages and the Graph API."""

from .graph import GraphClient, GraphError, Silence, TokenError
from .webhook import is_signed, read_leadgen_ids

__all__ = ["GraphClient", "GraphError", "Silence", "TokenError", "is_signed", "read_leadgen_ids"]
