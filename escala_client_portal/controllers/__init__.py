from . import (
    account,
    account_change,
    activation,
    login,
    portal,
    portal_emails,
    portal_messages,
    portal_notifications,
)
