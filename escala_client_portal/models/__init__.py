from . import escala_account_contact, escala_portal_login, ir_rule, res_partner, res_users
