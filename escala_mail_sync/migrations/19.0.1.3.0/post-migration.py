"""Note the words of the e-mails that are here already, so that they are found like those that come."""

from odoo.addons.escala_mail_sync.mime.plain import html_to_text
from odoo.addons.escala_mail_sync.searching import make_tsvector

AT_ONCE = 500


def migrate(cr, version):
    """Called by Odoo once the table has the new column (odoo/modules/migration.py).

    Without the ORM: nobody has changed these e-mails, and a million of them would not fit into its cache.
    """
    last = 0
    while rows := _read(cr, last):
        _write(cr, rows)
        last = rows[-1][0]


def _read(cr, last: int) -> list[tuple]:
    """Return the next e-mails after this id: id, sender, recipients, copies to, subject, body, and names of files."""
    cr.execute(
        """
        SELECT email.id, email.sender, email.recipients, email.cc, email.subject, message.body,
               (SELECT string_agg(file.name, E'\\n' ORDER BY file.id)
                  FROM message_attachment_rel rel
                  JOIN ir_attachment file ON file.id = rel.attachment_id
                 WHERE rel.message_id = message.id)
          FROM escala_email email
     LEFT JOIN mail_message message ON message.id = email.mail_message_id
         WHERE email.words IS NULL AND email.id > %s
         ORDER BY email.id
         LIMIT %s
        """,
        [last, AT_ONCE],
    )
    return cr.fetchall()


def _write(cr, rows: list[tuple]) -> None:
    words = [
        (
            id_,
            make_tsvector(
                {
                    "from": sender,
                    "to": f"{recipients or ''} {cc or ''}",
                    "subject": subject,
                    "body": f"{html_to_text(body or '')}\n{files or ''}",
                }
            ),
        )
        for id_, sender, recipients, cc, subject, body, files in rows
    ]
    cr.execute_values(
        "UPDATE escala_email SET words = new.words::tsvector"
        " FROM (VALUES %s) AS new (id, words) WHERE escala_email.id = new.id",
        words,
    )
