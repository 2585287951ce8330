"""The one way in for contacts that forms, imports, vCards and mail bring: none twice, no address lost."""

import logging
from collections import defaultdict

import psycopg2
from psycopg2.errors import ForeignKeyViolation, ProgramLimitExceeded

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from .res_partner_registration_rows import FAULTS_OF_VALUES

_logger = logging.getLogger(__name__)

# Whose fault it is that a row cannot be stored: the row's. Lost races and a full disk go up to the caller.
FAULTS_OF_DATA = (psycopg2.IntegrityError, psycopg2.DataError, ProgramLimitExceeded)
FAULTS_OF_A_ROW = (UserError, RedirectWarning, *FAULTS_OF_VALUES, *FAULTS_OF_DATA)


class ResPartner(models.Model):
    """How rows are prepared, matched and stored stands in three files of their own."""

    _inherit = "res.partner"

    @api.model
    def _register_contacts(self, vals_list, source, policy="update"):
        """Create, update or restore the contact that each row of data belongs to.

        A row is matched by e-mail, else by phone, against primary and alternative addresses; of several
        contacts the oldest is it. All its values but e-mail and phone overwrite those of the contact, empty
        ones excepted. Its addresses are added: as primary if the contact has none, else as an alternative,
        up to ten. A contact that was deleted is restored. Colleagues and the companies of this database are
        changed by imports alone. The rows of a batch count as coming one after the other.

        The batch is one transaction; the number of queries does not depend on its size, but for what Odoo
        asks about each contact whose e-mail or street changes: its leads, its letters. A row that cannot
        be stored is refused on its own. The access rights of the user apply: a public form passes `sudo()`.

        >>> env["res.partner"]._register_contacts([{"name": "Ana", "email": "ana@x.example"}], "form").result
        'created'

        :param list vals_list: values as for `create`. `alternative_emails` and `alternative_phones` are
            texts with several addresses, or lists. `id` names the contact.
        :param str source: a value of the field `source` of `contact.registration`
        :param str policy: "update" contacts that exist, or "skip" them
        :return: a `contact.registration` per row, in their order
        :raises psycopg2.errors.SerializationFailure: if another transaction registers the same address at
            the same time; Odoo's request handling then starts over, other callers have to
        """
        contacts = self.with_context(registration=None, keeps_phones=True)
        rows = contacts._prepare_registration_rows(vals_list, source)
        contacts._register_rows([row for row in rows if not row.result], source, policy)
        return contacts._log_registrations(rows, source)

    @api.model
    def _register_rows(self, rows, source, policy):
        """Register rows at once; if that fails, each half of them, so that only the culprit is left out."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                self._register_batch(rows, source, policy)
        except FAULTS_OF_A_ROW as error:
            for row in rows:
                row.start_over()
            if len(rows) == 1:
                rows[0].end("refused", self._get_refusal_reason(error))
                return
            middle = len(rows) // 2
            self._register_rows(rows[:middle], source, policy)
            self._register_rows(rows[middle:], source, policy)

    @api.model
    def _register_batch(self, rows, source, policy):
        self._match_rows(rows, policy)
        stored = [row for row in rows if row.is_stored]
        rows_by_person = defaultdict(list)
        for row in stored:
            rows_by_person[row.person].append(row)
        self._store_people(rows_by_person)
        self._register_children(stored, source, policy)

    @api.model
    def _register_children(self, rows, source, policy):
        """Register the people and addresses that rows have under their contact, once that one is there."""
        owners, vals_list = [], []
        for row in rows:
            for vals in row.children:
                owners.append(row)
                vals_list.append({**vals, "parent_id": row.person.id})
        children = self._prepare_registration_rows(vals_list, source)
        self._register_rows([child for child in children if not child.result], source, policy)
        for owner, child in zip(owners, children, strict=True):
            if child.result == "refused":
                owner.reasons.append(f"{child.name}: {' '.join(child.reasons)}")

    @api.model
    def _get_refusal_reason(self, error):
        if isinstance(error, (UserError, RedirectWarning)):
            return str(error.args[0])
        if isinstance(error, ForeignKeyViolation):
            return self.env._("It names a record that does not exist.")
        if isinstance(error, psycopg2.IntegrityError):
            return self._sql_error_to_message(error)
        _logger.info("A row of contacts is refused", exc_info=error)
        return self.env._("One of its values is too long or not of the right kind.")

    @api.model
    def _log_registrations(self, rows, source):
        # sudo: nobody writes here by hand, and whoever registers need not be able to read it
        registrations = self.env["contact.registration"].sudo()
        return registrations.create(
            [
                {
                    "source": source,
                    "result": row.result,
                    "reason": " ".join(row.reasons),
                    "matched_by": row.matched_by,
                    "partner_id": row.person.id if row.person else False,
                    "name": row.name,
                    "email": next(iter((*row.emails.values(), *row.invalid_emails)), False),
                    "phone": next(iter((*row.phones.values(), *row.invalid_phones)), False),
                    "company_id": self.env.company.id,
                }
                for row in rows
            ]
        ).with_env(self.env)
