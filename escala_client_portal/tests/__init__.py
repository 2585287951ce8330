from . import test_access, test_account_contacts, test_account_form, test_merge
from . import test_email_sync
from . import test_portal_account
from . import test_document_access, test_document_links, test_document_pages, test_documents
