"""What is unread, and in which folder: as the mailboxes say, of which an e-mail can be in several."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What a mail program would not show among what has come in.
PUT_AWAY = ("archive", "drafts", "junk", "sent", "trash")


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    is_unread = fields.Boolean(
        "Unread",
        compute="_compute_is_unread",
        search="_search_is_unread",
        help="In one of your mailboxes, it has not been read yet.",
    )

    @api.depends_context("uid")
    def _compute_is_unread(self):
        unread = self._find_unread()
        for email in self:
            email.is_unread = email._origin in unread

    def _find_unread(self):
        # sudo: only whether there is an unread copy in mailboxes that the user works with
        found = self.sudo().search(Domain("id", "in", self.ids) & self._is_unread())
        return found.sudo(False)

    def _search_is_unread(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        return self._is_unread() if True in value else ~self._is_unread()

    @api.model
    def _is_unread(self, mailboxes=None) -> Domain:
        """Return which e-mails are unread in these mailboxes, by default in all that the user works with."""
        mailboxes = self.env["escala.mailbox"]._find_for_workspace() if mailboxes is None else mailboxes
        return self._has_copy(mailboxes, SQL("copy.seen IS NOT TRUE AND copy.pending_seen IS NOT TRUE"))

    @api.model
    def _get_folder_domain(self, folder: str, mailboxes) -> Domain:
        """Return which e-mails are in a folder of these mailboxes.

        :param folder: `inbox`, `sent`, `to_answer`, or `all` for whatever the user may read, from whichever mailbox
        """
        if folder == "inbox":
            return Domain("direction", "=", "in") & self._has_copy(
                mailboxes, SQL("folder.role NOT IN %s", PUT_AWAY)
            )
        if folder == "sent":
            # also what was sent from Odoo, be its copy in the folder of sent mail yet or not
            sent = self._has_copy(mailboxes, SQL("TRUE")) | self._has_value("sent_mailbox_id", mailboxes)
            return Domain("direction", "=", "out") & sent & self._narrow_to(mailboxes)
        if folder == "to_answer":
            return self._is_to_answer()
        return Domain.TRUE

    @api.model
    def _is_to_answer(self) -> Domain:
        """Return which e-mails the user is asked to answer."""
        # sudo: the field is read by nobody; whose activities these are is in the condition
        activities = self.env["mail.activity"].sudo()
        asked = activities._search([("user_id", "=", self.env.uid), ("escala_email_id", "!=", False)])
        return Domain("id", "in", asked.subselect("escala_email_id"))

    @api.model
    def _has_copy(self, mailboxes, condition: SQL) -> Domain:
        """Return which e-mails have a copy on the server in one of these mailboxes for which a condition holds.

        :param condition: about `copy`, a row of the ledger, and `folder`
        """
        if not mailboxes:
            return Domain.FALSE
        to_flush = [
            *_fields(self.env["escala.mailbox.folder"], "active", "role"),
            *_fields(self.env["escala.mailbox.message"], "mailbox_id", "email_id", "folder_id"),
            *_fields(self.env["escala.mailbox.message"], "gone", "seen", "pending_seen"),
        ]

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(
                """
                EXISTS (SELECT FROM escala_mailbox_message copy
                          JOIN escala_mailbox_folder folder ON folder.id = copy.folder_id
                         WHERE copy.email_id = %s AND copy.mailbox_id IN %s AND copy.gone IS NOT TRUE
                           AND folder.active AND %s)
                """,
                SQL.identifier(alias, "id"),
                tuple(mailboxes.ids),
                condition,
                to_flush=to_flush,
            )

        return Domain.custom(to_sql=to_sql)


def _fields(model, *names: str) -> Iterable[fields.Field]:
    return [model._fields[name] for name in names]
