from . import (
    test_access,
    test_access_import,
    test_account_contacts,
    test_account_form,
    test_email_sync,
    test_invitation,
    test_invitation_pages,
    test_login,
    test_merge,
    test_notification_page,
    test_notifications,
    test_notify_client,
)
