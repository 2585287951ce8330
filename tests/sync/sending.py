"""What the tests of sending share."""

from datetime import timedelta

from odoo import fields


def draft(mailbox, author=None, **values):
    """Return a draft of the mailbox's owner, or of another author, as that user."""
    drafts = mailbox.env["escala.email.outgoing"].with_user(author or mailbox.user_id)
    return drafts.create(
        {"mailbox_id": mailbox.id, "subject": "Asunto", "body": "<p>Buenos días</p>", **values}
    )


def deliver_now(*emails, send=True, file_copies=True) -> None:
    """Have e-mails sent without waiting, and their copies filed, by the method of the cron.

    Those that are waiting for a time that was chosen, and drafts, are left alone.
    """
    env = emails[0].env
    outgoing = env["escala.email.outgoing"].sudo()
    for email in emails:
        if send and email.state == "draft":
            email.with_user(email.user_id).action_send()
        if email.state == "outgoing" and email.send_at < fields.Datetime.now() + timedelta(hours=2):
            email.sudo().send_at = fields.Datetime.now()
    env.cr.commit()
    outgoing._cron_send()
    if file_copies:
        outgoing.search([("copy_state", "=", "pending")]).next_copy_try = fields.Datetime.now()
        env.cr.commit()
        outgoing._cron_send()
    env.invalidate_all()
