from . import escala_account_contact, escala_portal_login, ir_rule, res_partner, res_users
from . import escala_notification_category, escala_notification_rule, escala_account_contact_notify
from . import mail_mail, mail_thread, res_partner_notify
