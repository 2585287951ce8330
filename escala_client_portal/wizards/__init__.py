from . import base_partner_merge, escala_portal_invitation, portal_wizard
