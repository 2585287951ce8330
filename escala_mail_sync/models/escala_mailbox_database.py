"""A copy of a database reads no mailbox until somebody connects it there: two would answer, link and mark as read."""

from odoo import api, fields, models

from ..imap.errors import MailboxError

COPIED = "database_copied"


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    # Odoo gives a copy of a database an identifier of its own (service/db.py, exp_duplicate_database).
    database_uuid = fields.Char(
        default=lambda self: self._get_database_uuid(),
        groups=fields.NO_ACCESS,
        copy=False,
        help="In which database the mailbox was set up, or connected last.",
    )

    @api.model
    def _get_database_uuid(self) -> str | bool:
        # sudo: a parameter of the database, compared with and not shown
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def action_connect(self):
        """Whoever connects a mailbox in a copy of a database wants it read there."""
        self.check_access("write")
        uuid = self._get_database_uuid()
        # sudo: what is asked for here may be decided by whoever may change the mailbox
        copied = self.sudo().filtered(lambda mailbox: mailbox.database_uuid != uuid)
        copied.database_uuid = uuid
        self.env["escala.email.outgoing"]._keep_back(copied)
        return super().action_connect()

    def _check_usable(self) -> None:
        """Raises MailboxError `database_copied` in a copy of the database."""
        # sudo: see the field
        if self.sudo().database_uuid != self._get_database_uuid():
            raise MailboxError(COPIED)
        return super()._check_usable()

    def _tell_owner(self) -> None:
        """Don't write to people out of a copy; the mailbox shows it."""
        if self.error_code == COPIED:
            return None
        return super()._tell_owner()
