from . import contact_access_mixin, res_partner, res_partner_address, res_partner_email, res_partner_phone
