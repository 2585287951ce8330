from . import account_change
