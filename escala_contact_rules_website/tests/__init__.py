from . import test_lead_fields
