from . import escala_account_contact, escala_portal_login, ir_rule, res_partner, res_users
from . import res_partner_client_access
from . import escala_notification_category, escala_portal_login_invitation
from . import escala_account_switches_mixin, escala_account_change, escala_account_change_error
from . import escala_account_change_run
