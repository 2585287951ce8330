from . import account, document_links, document_upload, login, portal, portal_documents
