from . import (
    account,
    account_change,
    activation,
    document_links,
    document_upload,
    login,
    portal,
    portal_documents,
    portal_emails,
    portal_messages,
    portal_notifications,
    portal_requests,
)
