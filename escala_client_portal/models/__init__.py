from . import (
    escala_account_contact,
    escala_account_contact_access,
    escala_portal_activation,
    escala_portal_attempt,
    escala_portal_login,
    escala_portal_login_invitation,
    ir_rule,
    res_partner,
    res_partner_access,
    res_partner_email,
    res_users,
    res_users_access,
)
