"""Who may read an e-mail: one domain, for searches and for reads by id. The rules are in docs/privacy.md."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

FEW = 20_000  # messages


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    shared_by_mailbox_ids = fields.Many2many(
        "escala.mailbox",
        "escala_email_shared_by_mailbox_rel",
        "email_id",
        "mailbox_id",
        "Shared on purpose by",
        readonly=True,
        groups=fields.NO_ACCESS,  # that somebody's mailbox exists need not be known
    )
    is_shared = fields.Boolean(
        "Shared",
        compute="_compute_is_shared",
        search="_search_is_shared",
        help="Everybody who may see a contact or lead that the e-mail is linked with may read it.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_shared(self):
        shared = self._filter_open(self.env["escala.mailbox"]._find_of_companies())
        for email in self:
            email.is_shared = email._origin in shared

    def _search_is_shared(self, operator, value):
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE if True in value else ~self._search_is_shared("in", [True])
        shared = self._get_open_domain(self.env["escala.mailbox"]._find_of_companies())
        # sudo: which e-mails these are is searched among those that the user may read
        return Domain("id", "in", self.sudo()._search(shared))

    def _get_readable_domain(self) -> Domain:
        """Return which e-mails the user may read: those of their mailboxes, and on records they may read.

        A record rule cannot say the second part: it is evaluated as superuser when a record is read by id, and
        may then follow links to any record.
        """
        own = self.env["escala.mailbox"]._find_own()
        shared = (
            self._get_shared_domain(self.env["escala.mailbox"]._find_of_companies())
            & self._get_linked_domain()
        )
        # what one has sent from Odoo oneself, from whichever mailbox
        written = self._has_value("sent_by_id", self.env.user)
        return self._in_mailboxes(own) | written | (shared & self._get_not_hidden_domain())

    def _get_linked_domain(self) -> Domain:
        """Return which e-mails are linked with a record that the user may read."""
        return self._linked_to_readable("partner_ids") | self._linked_to_readable("lead_ids")

    @api.model
    def _get_narrow_domain(self) -> Domain:
        """Return all that the user could read, as a list, if it is short: see `_narrow_to`."""
        mailboxes = self.env["escala.mailbox"]._find_of_companies()
        own = self.env["escala.mailbox"]._find_own() | mailboxes._filter_shared()
        written = SQL(
            "SELECT id FROM escala_email WHERE sent_by_id = %s",
            self.env.uid,
            to_flush=self._fields["sent_by_id"],
        )
        on_purpose = SQL(
            "SELECT email_id FROM escala_email_shared_by_mailbox_rel WHERE mailbox_id IN %s",
            tuple(mailboxes.ids or [0]),
            to_flush=self._fields["shared_by_mailbox_ids"],
        )
        return self._narrow_to(own, written, on_purpose)

    @api.model
    def _narrow_to(self, mailboxes, *others: SQL) -> Domain:
        """Return the e-mails of these mailboxes, and others, as a list if it is short; else all e-mails.

        It changes nothing of what is found, and the way to it: Postgres would go through a million e-mails, the newest
        first, to find the thirty of somebody who has just connected a mailbox.
        """
        if not mailboxes._has_few_messages():
            return Domain.TRUE
        ids, ledger = tuple(mailboxes.ids or [0]), self.env["escala.mailbox.message"]._fields
        copies = SQL(
            "SELECT email_id FROM escala_mailbox_message WHERE mailbox_id IN %s AND email_id IS NOT NULL",
            ids,
            to_flush=[ledger["mailbox_id"], ledger["email_id"]],
        )
        sent = SQL(
            "SELECT id FROM escala_email WHERE sent_mailbox_id IN %s",
            ids,
            to_flush=self._fields["sent_mailbox_id"],
        )
        return _id_in(SQL(" UNION ALL ").join([copies, sent, *others]))

    def _filter_open(self, mailboxes):
        """Return those of these e-mails that everybody may read who may see what they are linked with."""
        if not self.ids:
            return self.browse()
        # sudo: for what is decided, it does not matter who asks
        emails = self.sudo().search(Domain("id", "in", self.ids) & self._get_open_domain(mailboxes))
        return emails.sudo(False)

    def _get_open_domain(self, mailboxes) -> Domain:
        """Return which e-mails are shared by these mailboxes, linked with something, and not hidden."""
        linked = Domain("partner_ids", "!=", False) | Domain("lead_ids", "!=", False)
        return self._get_shared_domain(mailboxes) & linked & self._get_not_hidden_domain()

    def _get_shared_domain(self, mailboxes) -> Domain:
        """Return what these mailboxes share: all that shared ones have, and what was shared on purpose."""
        shared = mailboxes._filter_shared()
        on_purpose = _exists(
            "escala_email_shared_by_mailbox_rel", mailboxes, to_flush=self._fields["shared_by_mailbox_ids"]
        )
        return self._in_mailboxes(shared) | on_purpose

    def _get_not_hidden_domain(self) -> Domain:
        """Leave out what was hidden with a contact, its company, a lead, or its conversation.

        One is enough, whatever else the e-mail is linked with. All that is hidden is listed once for a search, from
        indexes that hold nothing but what is hidden.
        """
        partners, leads = self.env["res.partner"]._fields, self.env["crm.lead"]._fields
        hidden = SQL(
            """
            SELECT rel.escala_email_id
              FROM res_partner partner
              JOIN escala_email_res_partner_rel rel ON rel.res_partner_id = partner.id
             WHERE partner.hide_emails
         UNION ALL
            SELECT rel.escala_email_id
              FROM res_partner company
              JOIN res_partner partner ON partner.commercial_partner_id = company.id
              JOIN escala_email_res_partner_rel rel ON rel.res_partner_id = partner.id
             WHERE company.hide_emails
         UNION ALL
            SELECT rel.escala_email_id
              FROM crm_lead lead
              JOIN crm_lead_escala_email_rel rel ON rel.crm_lead_id = lead.id
             WHERE lead.hide_emails
         UNION ALL
            SELECT email.id
              FROM escala_email_thread_hidden_by_mailbox_rel rel
              JOIN escala_email email ON email.thread_id = rel.thread_id
            """,
            to_flush=[
                partners["hide_emails"],
                partners["commercial_partner_id"],
                leads["hide_emails"],
                self.env["escala.email.thread"]._fields["hidden_by_mailbox_ids"],
                *(self._fields[name] for name in ("partner_ids", "lead_ids", "thread_id")),
            ],
        )
        return ~_id_in(hidden)

    def _in_mailboxes(self, mailboxes) -> Domain:
        """Return which e-mails these mailboxes have: a copy in a folder, or what was sent from Odoo through them."""
        rows = self.env["escala.mailbox.message"]
        to_flush = [rows._fields[name] for name in ("email_id", "mailbox_id")]
        has_copy = _exists("escala_mailbox_message", mailboxes, to_flush=to_flush)
        return has_copy | self._has_value("sent_mailbox_id", mailboxes)

    def _has_value(self, name: str, records) -> Domain:
        """Return which e-mails have one of these records in a field that can be searched by nobody."""
        field = self._fields[name]
        if not records:
            return Domain.FALSE

        def to_sql(_model, alias, _query) -> SQL:
            return SQL("%s IN %s", SQL.identifier(alias, name, to_flush=field), tuple(records.ids))

        return Domain.custom(to_sql=to_sql)

    def _linked_to_readable(self, name: str, besides=None) -> Domain:
        """Return which e-mails are linked with a record that the user may read.

        :param besides: a record that does not count, of whichever model
        """
        comodel = self.env[self._fields[name].comodel_name]
        if not comodel.has_access("read"):
            return Domain.FALSE
        wanted = Domain.TRUE
        if besides and besides._name == comodel._name:
            wanted = Domain("id", "not in", besides.ids)
        return Domain(name, "in", comodel._search(wanted, active_test=False))


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _has_few_messages(self) -> bool:
        """Tell whether all messages of these mailboxes are read and sorted in no time."""
        self.env["escala.mailbox.message"].flush_model(["mailbox_id"])
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM escala_mailbox_message WHERE mailbox_id IN %s LIMIT %s) AS few",
                tuple(self.ids or [0]),
                FEW + 1,
            )
        )
        return count <= FEW

    def _filter_shared(self):
        """Return those whose e-mails everybody may read who may see what they are linked with.

        Without *Link to CRM* a mailbox is its people's alone, though another one may have linked the same e-mail.
        """
        return self.filtered(lambda mailbox: mailbox.visibility == "shared" and mailbox.link_to_crm)


def _exists(table: str, mailboxes, to_flush) -> Domain:
    """Return which e-mails have a row in a table, with columns `email_id` and `mailbox_id`, for one of the mailboxes.

    A condition on each e-mail, not a list of all: Postgres turns it into a list itself when it is to decide on many
    e-mails, and no list of a million is made in order to show thirty.
    """
    if not mailboxes:
        return Domain.FALSE

    def to_sql(_model, alias, _query) -> SQL:
        return SQL(
            "EXISTS (SELECT FROM %(table)s AS of_mailbox"
            " WHERE of_mailbox.email_id = %(email)s AND of_mailbox.mailbox_id IN %(mailboxes)s)",
            table=SQL.identifier(table),
            email=SQL.identifier(alias, "id"),
            mailboxes=tuple(mailboxes.ids),
            to_flush=to_flush,
        )

    return Domain.custom(to_sql=to_sql)


def _id_in(select: SQL) -> Domain:
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), select)
    )
