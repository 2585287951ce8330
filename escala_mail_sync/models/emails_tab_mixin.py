"""The e-mails of a contact or lead: how many the user may read, and whether they are shown at all."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

RIGHTS = ("escala_mail_sync.group_mailbox_user", "escala_mail_sync.group_emails_tab")


class EmailsTabMixin(models.AbstractModel):
    """Something with e-mails of its own; who may read which of them is decided e-mail by e-mail.

    A model says by `_emails_link` in which field of e-mails it is.
    """

    _name = "escala.emails.tab.mixin"
    _description = "Tab E-mails"

    _emails_link: str

    # Both rights are needed, and the attribute `groups` of a page knows only one or the other.
    shows_emails_tab = fields.Boolean(compute="_compute_shows_emails_tab", groups="base.group_user")
    email_count = fields.Integer(
        "Number of e-mails",
        compute="_compute_email_count",
        groups="base.group_user",
        help="Those that you may read, history included.",
    )

    @api.depends_context("uid")
    def _compute_shows_emails_tab(self):
        self.shows_emails_tab = self._has_emails_tab()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_email_count(self):
        counts = self._count_emails() if self._has_emails_tab() else {}
        for record in self:
            record.email_count = counts.get(record._origin.id, 0)

    @api.model
    def _has_emails_tab(self) -> bool:
        """Tell whether the user has the rights to be shown the e-mails of records."""
        return all(map(self.env.user.has_group, RIGHTS))

    def _get_own_emails_domain(self) -> Domain:
        """Return which e-mails are linked with these records themselves."""
        return self._get_emails_linked_with(self.ids)

    @api.model
    def _get_emails_linked_with(self, ids: list[int]) -> Domain:
        """Return which e-mails are linked with the records of these ids."""
        return Domain(self._emails_link, "in", ids)

    @api.model
    def _get_emails_links(self) -> SQL:
        """Return the query of which e-mails are linked with which records: `email_id` and `linked_id`."""
        link = self.env["escala.email"]._fields[self._emails_link]
        return SQL(
            "SELECT %s AS email_id, %s AS linked_id FROM %s",
            SQL.identifier(link.column1),
            SQL.identifier(link.column2),
            SQL.identifier(link.relation),
            to_flush=link,
        )

    def _get_emails_holders(self) -> list[tuple[int, int]]:
        """Return pairs of ids: of one of these records, and of one whose e-mails are its own, itself among them."""
        return [(id_, id_) for id_ in self._origin.ids]

    def _count_emails(self) -> dict[int, int]:
        """Map the ids of these records to how many e-mails the user may read, in a constant number of queries.

        An e-mail with several people of a company is one of the company's.
        """
        holders = self._get_emails_holders()
        if not holders:
            return {}
        emails = self.env["escala.email"].sudo(False)
        readable = emails._search(self._get_emails_linked_with([linked for _record, linked in holders]))
        counts = self.env.execute_query(
            SQL(
                """
                SELECT holder.record_id, count(DISTINCT link.email_id)
                  FROM (VALUES %(holders)s) AS holder (record_id, linked_id)
                  JOIN (%(links)s) AS link ON link.linked_id = holder.linked_id
                 WHERE link.email_id IN %(readable)s
              GROUP BY holder.record_id
                """,
                links=self._get_emails_links(),
                holders=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in holders),
                readable=readable.subselect(),
            )
        )
        return dict(counts)
