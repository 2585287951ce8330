"""What the tests of sending share."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

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


def pictures(envelope) -> list[bytes]:
    """Return the pictures of a message that stand in its text; no other may be in it, and no address in Odoo."""
    message = message_from_bytes(envelope.content, policy=default)
    html = message.get_body(("html",)).get_content()
    assert "/web/image" not in html
    related = [
        part for part in message.walk() if part.get_content_maintype() == "image" and part["Content-ID"]
    ]
    assert all(f'src="cid:{part["Content-ID"][1:-1]}"' in html for part in related)
    return [part.get_content() for part in related]
