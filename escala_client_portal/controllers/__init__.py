from . import activation, portal_notifications
