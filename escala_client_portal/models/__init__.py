from . import escala_account_contact, escala_portal_login, ir_rule, res_partner, res_users
from . import escala_account_contact_emails
from . import escala_email_accounts
from . import escala_email_classifier
from . import escala_email_client
from . import escala_email_conversation
from . import escala_email_filing
from . import escala_email_importer
from . import res_partner_files
from . import res_partner_notify
from . import res_partner_todos
from . import escala_portal_conversation
