"""The bin: a contact that somebody deletes can be restored, whole, for 30 days."""

import contextlib
import logging
from datetime import timedelta
from math import ceil

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command, Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.tools import SQL, Query

from ..remote_call import is_remote_call
from .res_partner import EMAIL

_logger = logging.getLogger(__name__)

DAYS_IN_BIN = 30
# What says that a contact is in the bin. Nobody writes it but the methods here.
BIN_FIELDS = ("deletion_date", "deletion_user_id", "deletion_refusal", "was_active")


class ResPartner(models.Model):
    """A contact in the bin is archived, has a deletion date, and is found only by who asks for that date or for
    the contact itself, by its id.

    What puts it there is a remote call of `unlink`: the web client's *Delete*, or a script by RPC. Code that
    calls `unlink` deletes for good, as it always did.
    """

    _inherit = "res.partner"

    deletion_date = fields.Datetime(string="Deleted on", readonly=True, copy=False, index="btree_not_null")
    deletion_user_id = fields.Many2one("res.users", string="Deleted by", readonly=True, copy=False)
    deletion_days_left = fields.Integer(
        string="Days Left",
        compute="_compute_deletion_days_left",
        help="Days until the contact is deleted forever.",
    )
    deletion_refusal = fields.Char(
        string="Why It Stays",
        readonly=True,
        copy=False,
        help="Why Odoo refused to delete this contact forever when its time was over.",
    )
    was_active = fields.Boolean(string="Active when Deleted", readonly=True, copy=False)

    @api.depends("deletion_date")
    def _compute_deletion_days_left(self):
        now = fields.Datetime.now()
        for contact in self:
            ends_on = contact.deletion_date and contact.deletion_date + timedelta(days=DAYS_IN_BIN)
            contact.deletion_days_left = max(ceil((ends_on - now) / timedelta(days=1)), 0) if ends_on else 0

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, **kwargs):
        """Override: a contact in the bin is not there, unless the domain asks for it.

        It is archived, so there is something to do only where archived contacts are looked for. Asking for ids has
        to find them: so Odoo reads records (odoo/orm/models.py, `fetch`), and so other add-ons look for what
        belongs to the one that is open.
        """
        domain = Domain(domain)
        names = {condition.field_expr for condition in domain.iter_conditions()}
        finds_archived = (
            not (active_test and self.env.context.get("active_test", True)) or self._active_name in names
        )
        asks_for_it = "deletion_date" in names or _is_about_ids(domain)
        if finds_archived and not asks_for_it and not self.env.context.get("with_deleted_contacts"):
            domain &= Domain("deletion_date", "=", False)
        return super()._search(domain, offset, limit, order, active_test=active_test, **kwargs)

    @api.model
    def _get_start_of_bin(self):
        """Return the moment before which a contact that was deleted then is gone."""
        return fields.Datetime.now() - timedelta(days=DAYS_IN_BIN)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: nobody makes a contact that is in the bin."""
        for vals in vals_list:
            self._check_no_bin_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override: what is unarchived is not in the bin any more."""
        self._check_no_bin_fields(vals)
        if is_remote_call(self._name, "write"):
            vals = self._move_deleted_people_to_bin(vals)
        if vals.get("active"):
            vals = {**vals, **dict.fromkeys(BIN_FIELDS, False)}
        return super().write(vals)

    def _check_no_bin_fields(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(BIN_FIELDS):
            raise AccessError(self.env._("A contact is moved to Recently deleted by deleting it."))

    def web_save(self, vals, specification, next_id=None):
        """Override: somebody's *Delete* on the form of a company moves its people to the bin."""
        return super().web_save(self._move_deleted_people_to_bin(vals), specification, next_id=next_id)

    def _move_deleted_people_to_bin(self, vals):
        """Move to the bin the people of these companies whom these values delete; return the other values."""
        deleted, others = [], []
        for command in vals.get("child_ids") or []:  # or an id, which Odoo takes as well
            is_deletion = isinstance(command, (list, tuple)) and command[0] == Command.DELETE
            (deleted if is_deletion else others).append(command)
        if not deleted:
            return vals
        self.browse([id_ for _deletion, id_, *_rest in deleted])._move_to_bin()
        self.invalidate_recordset(["child_ids"])
        return {**vals, "child_ids": others}

    def unlink(self):
        """Override: somebody's *Delete* moves to the bin."""
        if is_remote_call(self._name, "unlink") and not self.env.context.get("delete_forever"):
            self._move_to_bin()
            return True
        return super().unlink()

    def _move_to_bin(self):
        """Put these contacts into the bin, unless Odoo would refuse to delete them.

        :raises: what deleting them raises: AccessError, UserError, RedirectWarning, psycopg2.IntegrityError
        """
        contacts = self.filtered(lambda contact: not contact.deletion_date)
        if self and not contacts:
            raise UserError(
                self.env._("It is among the recently deleted contacts already. Delete it forever there.")
            )
        contacts._check_deletable()
        for was_active, group in contacts.grouped("active").items():
            # sudo: who may delete a contact may put it into the bin, which Odoo takes for writing
            group.sudo().write(
                {
                    "active": False,
                    "was_active": was_active,
                    "deletion_date": fields.Datetime.now(),
                    "deletion_user_id": self.env.uid,
                }
            )
        contacts._notify_of_bin()

    def _notify_of_bin(self):
        """Tell the user where the contacts are now."""
        if not self:
            return
        names = ", ".join(self[:3].mapped("display_name")) + ("…" if len(self) > 3 else "")
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "info",
                "message": self.env._(
                    "%(contacts)s can be restored from Recently deleted for %(days)s days.",
                    contacts=names,
                    days=DAYS_IN_BIN,
                ),
            },
        )

    def _check_deletable(self):
        """Delete them and take it back: nobody else knows all that may refuse, or in which words."""
        with contextlib.closing(self.env.cr.savepoint()):
            self.with_context(delete_forever=True).unlink()
            self.env.flush_all()

    def _restore(self, active=None):
        """Take these contacts out of the bin, as they were or with the given `active`.

        :raises AccessError: if the user may not edit them
        """
        self.check_access("write")
        contacts = self.sudo()  # sudo: who may edit a contact may restore it; the bin's fields are nobody's
        for was_active, group in contacts.grouped("was_active").items():
            group.write(
                {**dict.fromkeys(BIN_FIELDS, False), "active": was_active if active is None else active}
            )
        # What depends on others may have changed meanwhile, where searches did not find these contacts. Not what
        # people may enter: that stays as it was. Nor the sizes of pictures, which are the contact's own.
        for contact_field in self._fields.values():
            if (
                contact_field.store
                and contact_field.compute
                and contact_field.readonly
                and contact_field.type != "binary"
            ):
                self.env.add_to_compute(contact_field, contacts)
        contacts._note_shared_emails()

    def _note_shared_emails(self):
        """Say in the chatter which e-mails somebody else got while these contacts were in the bin.

        Nothing is taken from either: people decide whose it is, or merge the two.
        """
        books = self._get_address_books(EMAIL)
        emails = {email for book in books.values() for email in (book.primary, *book.alternatives) if email}
        found = self._find_all_by_normalized(emails, ()).emails
        for contact in self:
            shared = [
                email
                for email, others in found.items()
                if email in books[contact.id] and contact._filter_duplicates(others)
            ]
            if shared:
                contact._message_log(
                    body=self.env._(
                        "Restored. Meanwhile another contact got the same e-mail: %s", ", ".join(shared)
                    )
                )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_restore(self):
        """Restore these contacts for the user, who has to be able to edit them.

        :raises RedirectWarning: if another contact got one of their addresses meanwhile
        """
        contacts = self.filtered("deletion_date")
        contacts._restore()
        contacts._check_family_not_of_others({})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Restored: %s", ", ".join(contacts.mapped("display_name"))),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_delete_forever(self):
        """Delete contacts that are in the bin; only those."""
        self.filtered("deletion_date").unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_delete_forever(self):
        """Delete what has been in the bin for 30 days; what Odoo refuses to delete stays, with the reason."""
        contacts = self.with_context(active_test=False).search(
            [("deletion_date", "<=", self._get_start_of_bin())], order="deletion_date"
        )
        self.env["ir.cron"]._commit_progress(remaining=len(contacts))
        for contact in contacts:
            try:
                with self.env.cr.savepoint():
                    contact.unlink()
                    self.env.flush_all()
            except (UserError, AccessError, RedirectWarning) as error:
                contact.deletion_refusal = error.args[0]
            except psycopg2.IntegrityError as error:
                contact.deletion_refusal = self._sql_error_to_message(error)
            except psycopg2.OperationalError:
                raise
            except Exception:  # Whatever is wrong with one contact, the time of the others is over too.
                _logger.exception("Contact %s cannot be deleted forever", contact.id)
                contact.deletion_refusal = self.env._("An error that Odoo's log describes.")
            if not self.env["ir.cron"]._commit_progress(1):
                break


def _is_about_ids(domain):
    """Tell whether a domain is only about contacts with certain ids."""
    parts = domain.children if isinstance(domain, DomainAnd) else [domain]
    return any(
        isinstance(part, DomainCondition)
        and part.field_expr == "id"
        and part.operator in ("=", "in", "child_of", "parent_of")
        and not isinstance(part.value, (Query, SQL))
        for part in parts
    )
