from . import (
    test_facebook,
    test_mutated_requests,
    test_register_door,
    test_registering,
    test_source_access,
    test_vcard_import,
    test_vcard_preview,
)
