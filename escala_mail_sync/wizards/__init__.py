from . import escala_mailbox_disconnect
from . import escala_mailbox_handover
