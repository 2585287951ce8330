from . import escala_account_contact, res_partner
