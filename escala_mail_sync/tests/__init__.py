from . import test_mailbox
from . import test_mailbox_access
