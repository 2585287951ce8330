"""What is unread, and in which folder: as the mailboxes say, of which an e-mail can be in several."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What a mail program would not show among what has come in.
PUT_AWAY = ("archive", "drafts", "junk", "sent", "trash", "all")
UNREAD = SQL("copy.seen IS NOT TRUE AND copy.pending_seen IS NOT TRUE")
# Where Gmail's "All mail" alone is synchronised, it is all that can be shown as having come in; else it holds what is
# archived, too.
IN_INBOX = SQL(
    """(
        folder.role NOT IN %s
        OR folder.role = 'all' AND NOT EXISTS (
            SELECT FROM escala_mailbox_folder inbox
             WHERE inbox.mailbox_id = folder.mailbox_id AND inbox.role = 'inbox'
               AND inbox.active AND inbox.selected
        )
    )""",
    PUT_AWAY,
)


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
        """Find what is unread; with ids of mailboxes in the context as `escala_inboxes_of`, the copy in an inbox is."""
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        unread = self._is_unread()
        inboxes_of = self.env.context.get("escala_inboxes_of")
        if inboxes_of is not None:
            mailboxes = self.env["escala.mailbox"]._find_for_workspace()
            unread = self._is_unread_in_inbox(mailboxes.filtered(lambda mailbox: mailbox.id in inboxes_of))
        return unread if True in value else ~unread

    @api.model
    def _is_unread(self, mailboxes=None) -> Domain:
        """Return which e-mails are unread in these mailboxes, by default in all that the user works with."""
        mailboxes = self.env["escala.mailbox"]._find_for_workspace() if mailboxes is None else mailboxes
        return self._has_copy(mailboxes, UNREAD)

    @api.model
    def _is_unread_in_inbox(self, mailboxes) -> Domain:
        """Return which e-mails lie unread in the inboxes of these mailboxes: it is one copy that is both."""
        return Domain("direction", "=", "in") & self._has_copy(mailboxes, SQL("%s AND %s", UNREAD, IN_INBOX))

    @api.model
    def _count_unread_in_inboxes(self, mailboxes) -> dict:
        """Map these mailboxes' ids to how many e-mails that the user may read are unread in their inboxes.

        `None` maps to how many there are in all, each counted once; it is one query.
        """
        counts = dict.fromkeys([None, *mailboxes.ids], 0)
        if mailboxes:
            emails = self._search(self._is_unread_in_inbox(mailboxes))
            counts |= self.env.execute_query(
                SQL(
                    """
                    SELECT copy.mailbox_id, count(DISTINCT copy.email_id)
                      FROM escala_mailbox_message copy
                      JOIN escala_mailbox_folder folder ON folder.id = copy.folder_id
                     WHERE copy.mailbox_id IN %s AND copy.gone IS NOT TRUE AND folder.active AND %s AND %s
                       AND copy.email_id IN %s
                     GROUP BY GROUPING SETS ((copy.mailbox_id), ())
                    """,
                    tuple(mailboxes.ids),
                    UNREAD,
                    IN_INBOX,
                    emails.subselect(),
                )
            )
        return counts

    @api.model
    def _get_folder_domain(self, folder: str, mailboxes) -> Domain:
        """Return which e-mails are in a folder of these mailboxes.

        :param folder: `inbox`, `sent`, `to_answer`, or `all` for whatever the user may read, from whichever mailbox
        """
        if folder == "inbox":
            return Domain("direction", "=", "in") & self._has_copy(mailboxes, IN_INBOX)
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
            *_fields(self.env["escala.mailbox.folder"], "active", "role", "selected", "mailbox_id"),
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
