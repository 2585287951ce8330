from . import test_lead_addresses
from . import test_lead_form
from . import test_lead_matching
