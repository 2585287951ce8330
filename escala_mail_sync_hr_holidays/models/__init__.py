from . import escala_mailbox_assignee
