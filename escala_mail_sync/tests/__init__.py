from . import test_answers
from . import test_deletions
from . import test_email_body
from . import test_mailbox
from . import test_mailbox_access
from . import test_replies
