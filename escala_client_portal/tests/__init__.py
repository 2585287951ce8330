from . import test_access, test_account_contacts, test_account_form, test_merge
from . import test_email_sync, test_notification_page, test_notifications, test_notify_client
