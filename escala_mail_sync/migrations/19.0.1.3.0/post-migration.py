"""Note the words of the e-mails that are here already, so that they are found like those that come."""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

from odoo.addons.escala_mail_sync.mime.plain import html_to_text
from odoo.addons.escala_mail_sync.searching import make_tsvector

AT_ONCE = 500


def migrate(cr, version):
    """Called by Odoo once the table has the new column (odoo/modules/migration.py)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT id FROM escala_email WHERE words IS NULL ORDER BY id")
    for ids in split_every(AT_ONCE, [id_ for (id_,) in cr.fetchall()]):
        for email in env["escala.email"].browse(ids):
            email.words = make_tsvector(
                {
                    "from": email.sender,
                    "to": f"{email.recipients or ''} {email.cc or ''}",
                    "subject": email.subject,
                    "body": "\n".join(
                        (
                            html_to_text(email.mail_message_id.body or ""),
                            *email.attachment_ids.mapped("name"),
                        )
                    ),
                }
            )
        env.flush_all()
        env.invalidate_all()
