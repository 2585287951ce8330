from . import (
    base_partner_merge,
    escala_account_bulk_change,
    escala_document_request,
    escala_portal_invitation,
    portal_wizard,
)
