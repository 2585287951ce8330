from . import account, account_change, activation, login, portal, portal_notifications
