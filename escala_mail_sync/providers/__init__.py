"""Where the servers of an e-mail address are: known providers, DNS, and tried guesses. Imports nothing of Odoo."""

from .discovery import Suggestion, discover
from .presets import PROVIDERS, Provider, Server, by_domain, by_mx

__all__ = ["PROVIDERS", "Provider", "Server", "Suggestion", "by_domain", "by_mx", "discover"]
