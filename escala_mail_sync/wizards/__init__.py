from . import escala_mailbox_wizard
from . import escala_mailbox_wizard_test
from . import escala_mailbox_wizard_finish
from . import escala_mailbox_wizard_sign_in
from . import escala_mailbox_disconnect
from . import escala_mailbox_handover
