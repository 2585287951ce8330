from . import test_order_category
