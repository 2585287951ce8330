from . import test_email_body
from . import test_email_removal
from . import test_mailbox
from . import test_mailbox_access
from . import test_mailbox_exclusion
from . import test_mailbox_queue
from . import test_mailbox_schedule
from . import test_vcard_contacts
