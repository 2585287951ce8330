from . import test_invoice_category
