"""Which e-mails the portal shows to a client: one domain, for lists, pages, files and counters alike.

The rules are in docs/portal/emails.md.
"""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _get_client_domain(self, account, user) -> Domain:
        """Return which e-mails of an account this user of the portal may read there.

        To be searched as superuser: clients have no access to e-mails but by this.

        :param account: res.partner that the user is in
        :param user: res.users
        """
        on_account = Domain("account_ids", "in", account.ids) & self._has_synced_address(account)
        theirs = self._is_told_apart() | self._names_openly(user._get_client_addresses())
        return on_account & self._get_shared_with_clients_domain(account) & theirs

    def _get_everybodys_domain(self, account) -> Domain:
        """Return which e-mails of an account all its clients may read in the portal, whoever took part.

        :param account: res.partner
        """
        on_account = Domain("account_ids", "in", account.ids) & self._has_synced_address(account)
        return on_account & self._get_shared_with_clients_domain(account) & self._is_told_apart()

    def _get_shared_with_clients_domain(self, account=None) -> Domain:
        """Return what a mailbox shares, or somebody has shared on purpose, and nobody hides.

        Private mailboxes stay private; of an account of one company, the mailboxes of others do not count.
        """
        # sudo: that a mailbox exists is told to nobody
        mailboxes = self.env["escala.mailbox"].sudo().with_context(active_test=False)
        company = account.company_id if account else self.env["res.company"]
        mailboxes = mailboxes.search([("company_id", "=", company.id)] if company else [])
        return self._get_shared_domain(mailboxes) & self._get_not_hidden_domain()

    def _filter_linkable(self):
        """Return those that a mailbox with *Link to CRM* has, of which there can be something on accounts."""
        # sudo: as above
        mailboxes = self.env["escala.mailbox"].sudo().with_context(active_test=False)
        mailboxes = mailboxes.search([("link_to_crm", "=", True)])
        return self.sudo().search(Domain("id", "in", self.ids) & self._in_mailboxes(mailboxes))

    def _has_synced_address(self, account) -> Domain:
        """Return which e-mails name openly an address of the account whose E-mail sync is on now."""
        rows = self.env["escala.account.contact"]._fields
        to_flush = [rows[name] for name in ("account_id", "email_normalized", "email_sync")]

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(
                """
                EXISTS (SELECT FROM escala_account_contact AS row
                         WHERE row.account_id IN %s AND row.email_sync AND %s)
                """,
                tuple(account.ids or [0]),
                self._sql_names_openly(alias, SQL("row.email_normalized")),
                to_flush=to_flush,
            )

        return Domain.custom(to_sql=to_sql)

    def _is_told_apart(self) -> Domain:
        """Return which e-mails have nobody in them who is on several accounts: those can be about any of them."""
        rows = self.env["escala.account.contact"]._fields
        to_flush = [self._fields["addresses"], rows["account_id"], rows["email_normalized"]]

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(
                """
                NOT EXISTS (SELECT FROM escala_account_contact AS row
                              JOIN escala_account_contact AS other
                                ON other.email_normalized = row.email_normalized
                               AND other.account_id != row.account_id
                             WHERE row.email_normalized = ANY(string_to_array(%s, ' ')))
                """,
                SQL.identifier(alias, "addresses"),
                to_flush=to_flush,
            )

        return Domain.custom(to_sql=to_sql)

    def _names_openly(self, addresses: list[str]) -> Domain:
        """Return which e-mails have one of these addresses in From, To or Cc."""

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(" OR ").join(self._sql_names_openly(alias, SQL("%s", each)) for each in addresses)

        return Domain.custom(to_sql=lambda *args: SQL("(%s)", to_sql(*args))) if addresses else Domain.FALSE

    def _sql_names_openly(self, alias: str, address: SQL) -> SQL:
        """Return the condition that an address is in From, To or Cc, and not only in Bcc.

        `addresses` has those of Bcc, too, and `recipients` has names that anybody can write: both have to agree. The
        texts are as `_format_addresses` of the importer makes them.
        """
        names = ("addresses", "sender_email", "recipients", "cc")
        columns = {name: SQL.identifier(alias, name, to_flush=self._fields[name]) for name in names}
        text = SQL(
            "lower(', ' || coalesce(%(recipients)s, '') || ', ' || coalesce(%(cc)s, '') || ',')",
            recipients=columns["recipients"],
            cc=columns["cc"],
        )
        return SQL(
            """
            (%(address)s = ANY(string_to_array(%(addresses)s, ' '))
             AND (%(sender)s = %(address)s
                  OR strpos(%(text)s, ', ' || %(address)s || ',') > 0
                  OR strpos(%(text)s, '<' || %(address)s || '>,') > 0))
            """,
            address=address,
            addresses=columns["addresses"],
            sender=columns["sender_email"],
            text=text,
        )


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_client_addresses(self) -> list[str]:
        """Return the addresses under which the firm knows this client: those on accounts, and the login.

        Not those of the contact, which clients can change by themselves.
        """
        # sudo: a client reads no rows
        rows = self.env["escala.account.contact"].sudo().search([("contact_id", "=", self.partner_id.id)])
        logins = self.env["escala.portal.login"].sudo().search([("user_id", "=", self.id)])
        return sorted({*rows.mapped("email_normalized"), *logins.mapped("email_normalized")})
