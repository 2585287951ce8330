from . import escala_mailbox_wizard
from . import escala_mailbox_wizard_test
from . import escala_mailbox_wizard_finish
