from . import base_partner_merge, escala_account_bulk_change
