from . import account_change, activation, portal_notifications
