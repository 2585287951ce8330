"""Send through a mailbox's own SMTP server. Imports nothing from Odoo."""

from .errors import Reply, translated_errors
from .session import SendResult, SmtpSession

__all__ = ["Reply", "SendResult", "SmtpSession", "translated_errors"]
