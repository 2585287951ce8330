from . import (
    test_access,
    test_address_limit,
    test_alternative_addresses,
    test_contact_form,
    test_find_by_addresses,
    test_merge,
)
