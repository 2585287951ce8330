"""Words of e-mails, and what somebody types to find them. Imports nothing of Odoo."""

from .query import SearchQuery, parse_query
from .words import make_tsquery, make_tsvector

__all__ = ["SearchQuery", "make_tsquery", "make_tsvector", "parse_query"]
