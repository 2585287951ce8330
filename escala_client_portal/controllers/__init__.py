from . import portal_emails, portal_messages
