"""Note for the e-mails at hand what 19.0.1.0 did not: conversations by Message-ID, rows of the ledger, addresses."""

from odoo.tools import email_normalize_all

BATCH = 10_000


def migrate(cr, version):
    """Called by Odoo once the tables have the new columns (odoo/modules/migration.py)."""
    _note_references(cr)
    _complete_ledger(cr)
    _note_addresses(cr)


def _note_references(cr) -> None:
    """Have replies to these e-mails find their conversations."""
    cr.execute(
        """
        INSERT INTO escala_email_reference (message_id, thread_id)
        SELECT message_id, min(thread_id)
          FROM (SELECT message_id, thread_id FROM escala_email
                 UNION
                SELECT root_message_id, id FROM escala_email_thread) AS known
         WHERE message_id <> '' AND thread_id IS NOT NULL
         GROUP BY message_id
            ON CONFLICT (message_id) DO NOTHING
        """
    )


def _complete_ledger(cr) -> None:
    """Have messages recognised that are moved, read or answered on the server from now on."""
    cr.execute(
        r"""
        UPDATE escala_mailbox_message AS row
           SET message_id = email.message_id,
               content_key = email.content_key,
               seen = coalesce(row.flags ILIKE '%\\seen%', FALSE),
               answered = coalesce(row.flags ILIKE '%\\answered%', FALSE)
          FROM escala_email AS email
         WHERE email.id = row.email_id AND row.content_key IS NULL
        """
    )


def _note_addresses(cr) -> None:
    """Have these e-mails found by the addresses in them."""
    cr.execute("SELECT id, sender_email, recipients, cc FROM escala_email WHERE addresses IS NULL")
    emails = cr.fetchall()
    for start in range(0, len(emails), BATCH):
        rows = [
            (id_, " ".join(dict.fromkeys(address for text in texts for address in email_normalize_all(text))))
            for id_, *texts in emails[start : start + BATCH]
        ]
        cr.execute_values(
            "UPDATE escala_email SET addresses = new.addresses"
            " FROM (VALUES %s) AS new (id, addresses) WHERE escala_email.id = new.id",
            rows,
        )
