"""The bin: a contact that somebody deletes can be restored, whole, for 30 days."""

import contextlib
import logging
from datetime import timedelta
from math import ceil

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Domain

from ..remote_call import is_remote_call
from .res_partner import ADDRESS_MODELS

_logger = logging.getLogger(__name__)

DAYS_IN_BIN = 30


class ResPartner(models.Model):
    """A contact in the bin is archived, has a deletion date, and is found only by who asks for that date.

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
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Override: a contact in the bin is not there, unless the domain itself asks for its deletion date."""
        domain = Domain(domain)
        asks_for_it = any(condition.field_expr == "deletion_date" for condition in domain.iter_conditions())
        if not asks_for_it and not self.env.context.get("with_deleted_contacts"):
            domain &= Domain("deletion_date", "=", False)
        return super()._search(domain, offset, limit, order, **kwargs)

    def fetch(self, field_names=None):
        """Override: a contact that something still points to can be read, by those who could read it before.

        Odoo reads by a search for ids (odoo/orm/models.py, `fetch`).
        """
        return super(ResPartner, self.with_context(with_deleted_contacts=True)).fetch(field_names)

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
        if contacts:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "message": self.env._(
                        "%(contacts)s can be restored from Recently deleted for %(days)s days.",
                        contacts=", ".join(contacts.sudo().mapped("display_name")[:3])
                        + ("…" if len(contacts) > 3 else ""),
                        days=DAYS_IN_BIN,
                    ),
                },
            )

    def _check_deletable(self):
        """Delete them and take it back: nobody else knows all that may refuse, or in which words."""
        with contextlib.closing(self.env.cr.savepoint()):
            self.with_context(delete_forever=True).unlink()
            self.env.flush_all()

    def _restore(self):
        """Take these contacts out of the bin, as they were."""
        for was_active, group in self.grouped("was_active").items():
            group.write(
                {
                    "active": was_active,
                    "was_active": False,
                    "deletion_date": False,
                    "deletion_user_id": False,
                    "deletion_refusal": False,
                }
            )
        # What the fields depend on may have changed meanwhile, where searches did not find these contacts.
        # Not pictures: they are the contacts' own, and each size of each is asked for on its own.
        self.modified(
            [
                name
                for name, field in self._fields.items()
                if field.store and not field.compute and field.type not in ("binary", "image")
            ]
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
        for model in ADDRESS_MODELS:
            # sudo: whom one may not see may have an address too; the error does not name them
            contacts.sudo()._by_hand()._check_not_of_others(
                model,
                {
                    address
                    for book in contacts._get_address_books(model).values()
                    for address in (book.primary, *book.alternatives)
                    if address
                },
            )
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
        expired_on = fields.Datetime.now() - timedelta(days=DAYS_IN_BIN)
        contacts = self.with_context(active_test=False).search(
            [("deletion_date", "<=", expired_on)], order="deletion_date"
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
            if not self.env["ir.cron"]._commit_progress(1):
                break
