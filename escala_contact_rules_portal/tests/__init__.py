from . import test_address_form
from . import test_portal_wizard
from . import test_reset_password
from . import test_signup
