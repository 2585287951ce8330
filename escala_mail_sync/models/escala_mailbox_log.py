"""What was decided about mailboxes over their owners' heads, or cannot be undone: kept for managers to look up."""

from odoo import fields, models


class EscalaMailboxLog(models.Model):
    """One decision. Nobody can change or delete it, and it outlives the mailbox."""

    _name = "escala.mailbox.log"
    _description = "Log of Mailboxes"
    _order = "id desc"
    _rec_name = "address"

    mailbox_id = fields.Many2one("escala.mailbox", readonly=True, ondelete="set null", index=True)
    address = fields.Char("E-mail address", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    action = fields.Selection(
        [
            ("disconnected", "Disconnected"),
            ("removal", "Disconnected, e-mails removed"),
            ("handed_over", "Handed over"),
        ],
        "What was done",
        required=True,
        readonly=True,
    )
    create_date = fields.Datetime("When")
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, ondelete="restrict")
    from_user_id = fields.Many2one("res.users", "Owner", readonly=True, ondelete="restrict")
    to_user_id = fields.Many2one("res.users", "New owner", readonly=True, ondelete="restrict")
    email_count = fields.Integer("E-mails", readonly=True)


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _log(self, action: str, **values) -> None:
        """Note what the user has decided about these mailboxes.

        :param action: one of `escala.mailbox.log`
        :param values: of further fields of it
        """
        # sudo: nobody may write the log; it says how many e-mails there were, and nothing of them
        self.env["escala.mailbox.log"].sudo().create(
            [
                {
                    "mailbox_id": mailbox.id,
                    "address": mailbox.email,
                    "company_id": mailbox.company_id.id,
                    "action": action,
                    "user_id": self.env.uid,
                    "from_user_id": mailbox.user_id.id,
                    "email_count": mailbox._count_emails(),
                    **values,
                }
                for mailbox in self.sudo()
            ]
        )
