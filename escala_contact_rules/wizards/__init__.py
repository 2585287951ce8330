from . import base_import, base_partner_merge
