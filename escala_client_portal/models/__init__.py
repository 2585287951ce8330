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
from . import res_partner_notify
from . import escala_document_folder, escala_document, escala_document_event, escala_document_link
from . import escala_document_decisions, escala_document_notifications, escala_document_upload
from . import res_config_settings_documents, res_partner_documents
