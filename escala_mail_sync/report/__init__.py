from . import median
from . import escala_email_report
from . import escala_email_report_emails
from . import crm_lead
from . import escala_lead_report
from . import escala_mailbox_health
