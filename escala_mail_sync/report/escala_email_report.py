"""How much mail there is, and how soon it is answered: the figures behind E-mails / Reporting / Mail."""

from odoo import fields, models
from odoo.tools import SQL


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    # The first answer in a conversation is the first row of this index that is late enough.
    _sent_in_conversation = models.Index("(thread_id, date) WHERE direction = 'out'")


class EscalaEmailReport(models.Model):
    """One row per e-mail and mailbox that has it, reckoned when it is asked for.

    Volumes and nothing else: managers see the rows of private mailboxes, too. So no field may lead to an e-mail, a
    contact or a lead, neither to read nor to group or search by; see escala_email_report_emails.py for who may
    read an e-mail.
    """

    _name = "escala.email.report"
    _inherit = ["escala.median.mixin"]
    _description = "E-mail Figures"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"
    _depends = {
        "escala.email": [
            "date",
            "direction",
            "is_automatic",
            "is_history",
            "in_reply_to",
            "message_id",
            "thread_id",
            "sent_mailbox_id",
            "sent_by_id",
            "partner_ids",
            "lead_ids",
        ],
        "escala.mailbox": ["kind", "user_id", "member_ids", "company_id"],
        "escala.mailbox.folder": ["role"],
        "escala.mailbox.message": ["email_id", "mailbox_id", "folder_id"],
        "mail.activity": ["active", "escala_email_id", "user_id"],
    }

    email_id = fields.Many2one("escala.email", readonly=True, groups=fields.NO_ACCESS)
    mailbox_id = fields.Many2one("escala.mailbox", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(readonly=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        readonly=True,
        help="The owner of a personal mailbox; of a shared one, who is or was asked to answer, and who sent it from "
        "Odoo.",
    )
    responsible_id = fields.Many2one(
        "res.users", "Asked to answer", readonly=True, help="Who is or was asked to answer the e-mail."
    )
    is_automatic = fields.Boolean("Automatic", readonly=True)
    is_history = fields.Boolean("History", readonly=True, help="Dated before the mailbox was connected.")
    has_contact = fields.Boolean("With a contact", readonly=True)
    has_lead = fields.Boolean("With a lead", readonly=True)
    answered = fields.Integer(readonly=True, help="Received from a person, and answered since.")
    hours_to_answer = fields.Float(
        "Hours to the first answer",
        readonly=True,
        aggregator="median",
        help="The median: half of the e-mails that were answered were answered sooner.",
    )
    waiting = fields.Integer("To be answered", readonly=True, help="Somebody is asked to answer it.")
    days_waiting = fields.Float(
        "Longest wait (days)", readonly=True, aggregator="max", help="Of what is to be answered."
    )
    wait = fields.Selection(
        [
            ("1_day", "Less than a day"),
            ("2_days", "1 to 3 days"),
            ("3_week", "3 to 7 days"),
            ("4_longer", "More than a week"),
        ],
        "Waiting for",
        readonly=True,
    )

    # What is costly to reckon stands in the list of columns and in no join: Postgres leaves out what is not asked for.
    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT held.id,
                   held.email_id,
                   held.mailbox_id,
                   mailbox.company_id,
                   email.date,
                   email.direction,
                   CASE WHEN email.direction = 'out' AND email.sent_mailbox_id = mailbox.id
                             AND email.sent_by_id IS NOT NULL
                        THEN email.sent_by_id
                        WHEN mailbox.kind = 'personal' THEN mailbox.user_id
                        WHEN email.direction = 'in' THEN %(responsible)s
                    END AS user_id,
                   %(responsible)s AS responsible_id,
                   email.is_automatic IS TRUE AS is_automatic,
                   email.is_history IS TRUE AS is_history,
                   EXISTS (SELECT FROM escala_email_res_partner_rel rel
                            WHERE rel.escala_email_id = email.id) AS has_contact,
                   EXISTS (SELECT FROM crm_lead_escala_email_rel rel
                            WHERE rel.escala_email_id = email.id) AS has_lead,
                   (%(first_answer)s IS NOT NULL)::int AS answered,
                   EXTRACT(EPOCH FROM %(first_answer)s - email.date)::float8 / 3600 AS hours_to_answer,
                   (%(is_waiting)s)::int AS waiting,
                   CASE WHEN %(is_waiting)s THEN %(days)s END AS days_waiting,
                   CASE WHEN NOT (%(is_waiting)s) THEN NULL
                        WHEN %(days)s < 1 THEN '1_day'
                        WHEN %(days)s < 3 THEN '2_days'
                        WHEN %(days)s < 7 THEN '3_week'
                        ELSE '4_longer' END AS wait
              FROM (%(held)s) AS held
              JOIN escala_email email ON email.id = held.email_id
              JOIN escala_mailbox mailbox ON mailbox.id = held.mailbox_id
            """,
            held=self._get_held(),
            responsible=self._get_responsible(),
            first_answer=self._get_first_answer(),
            is_waiting=self._get_is_waiting(),
            days=SQL("EXTRACT(EPOCH FROM now() AT TIME ZONE 'UTC' - email.date)::float8 / 86400"),
        )

    def _get_held(self) -> SQL:
        """Return which mailbox has which e-mail, each pair once: by a copy in a folder, else as sent from Odoo.

        The former have the id of their first copy, the latter the e-mail's with a minus, so that both are found by
        an index.
        """
        return SQL(
            """
            SELECT copy.id, copy.email_id, copy.mailbox_id
              FROM escala_mailbox_message copy
             WHERE copy.email_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM escala_mailbox_message earlier
                                WHERE earlier.email_id = copy.email_id AND earlier.mailbox_id = copy.mailbox_id
                                  AND earlier.id < copy.id)
         UNION ALL
            SELECT -sent.id, sent.id, sent.sent_mailbox_id
              FROM escala_email sent
             WHERE sent.sent_mailbox_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM escala_mailbox_message copy
                                WHERE copy.email_id = sent.id AND copy.mailbox_id = sent.sent_mailbox_id)
            """
        )

    def _get_responsible(self) -> SQL:
        """Return who is asked to answer, or who was asked last."""
        return SQL(
            """
            (SELECT activity.user_id FROM mail_activity activity WHERE activity.escala_email_id = email.id
              ORDER BY activity.active DESC, activity.id DESC LIMIT 1)
            """
        )

    def _get_is_waiting(self) -> SQL:
        """Return whether an open activity asks to answer.

        Where several mailboxes have the e-mail it is so in one of them, a shared one if there is one, and the first
        of those, so that nothing is counted twice.
        """
        return SQL(
            """
            email.direction = 'in'
            AND email.id IN (SELECT activity.escala_email_id FROM mail_activity activity
                              WHERE activity.active AND activity.escala_email_id IS NOT NULL)
            AND NOT EXISTS (SELECT FROM escala_mailbox_message copy
                              JOIN escala_mailbox other ON other.id = copy.mailbox_id
                             WHERE copy.email_id = email.id
                               AND (other.kind <> 'shared', copy.id) < (mailbox.kind <> 'shared', held.id))
            """
        )

    def _get_first_answer(self) -> SQL:
        """Return when a person's e-mail was first answered: by what names it, else by what came in its conversation."""
        return SQL(
            """
            CASE WHEN email.direction = 'in' AND email.is_automatic IS NOT TRUE THEN COALESCE(%s, %s) END
            """,
            self._get_first_sent(SQL("reply.in_reply_to = email.message_id")),
            self._get_first_sent(SQL("reply.thread_id = email.thread_id")),
        )

    def _get_first_sent(self, condition: SQL) -> SQL:
        """Return when the first e-mail for which a condition holds was sent from within the mailbox's reach.

        That is what completes the activity, too (escala.email, _search_sent): what lies in a folder of sent mail, or
        left from Odoo, of the mailbox itself or of another one of one of its people.
        """
        return SQL(
            """
            (SELECT reply.date
               FROM escala_email reply
              WHERE %(condition)s AND reply.direction = 'out' AND reply.date >= email.date
                AND EXISTS (SELECT FROM (SELECT reply.sent_mailbox_id AS id WHERE reply.sent_mailbox_id IS NOT NULL
                                          UNION ALL
                                         SELECT copy.mailbox_id
                                           FROM escala_mailbox_message copy
                                           JOIN escala_mailbox_folder folder ON folder.id = copy.folder_id
                                          WHERE copy.email_id = reply.id AND folder.role = 'sent') AS sender
                             WHERE sender.id = mailbox.id OR sender.id IN (%(reach)s))
              ORDER BY reply.date
              LIMIT 1)
            """,
            condition=condition,
            reach=SQL(
                """
                SELECT theirs.mailbox_id
                  FROM (%(people)s) AS ours
                  JOIN (%(people)s) AS theirs ON theirs.user_id = ours.user_id
                 WHERE ours.mailbox_id = mailbox.id
                """,
                people=self._get_people(),
            ),
        )

    def _get_people(self) -> SQL:
        """Return the people of each mailbox: its owner and its members."""
        members = self.env["escala.mailbox"]._fields["member_ids"]
        return SQL(
            "SELECT id AS mailbox_id, user_id FROM escala_mailbox UNION ALL SELECT %s, %s FROM %s",
            SQL.identifier(members.column1),
            SQL.identifier(members.column2),
            SQL.identifier(members.relation),
        )
