from . import (
    escala_account_contact,
    escala_portal_login,
    ir_http,
    ir_rule,
    mail_message,
    res_partner,
    res_partner_portal,
    res_partner_todos,
    res_users,
)
