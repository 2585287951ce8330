from . import portal_notifications
