from . import test_form_category
