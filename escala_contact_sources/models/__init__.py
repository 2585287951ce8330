from . import (
    contact_source,
    contact_source_mapping,
    contact_source_submission,
    contact_source_intake,  # extends both
    contact_source_registering,
    contact_source_facebook,
    ir_http,
)
