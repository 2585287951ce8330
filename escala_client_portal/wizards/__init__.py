from . import base_partner_merge
from . import escala_document_request
