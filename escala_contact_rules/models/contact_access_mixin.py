"""Records that hang on contacts: who may read the contact may read them, who may edit it may edit them."""

from odoo import api, models
from odoo.fields import Domain


class ContactAccessMixin(models.AbstractModel):
    """Let access follow the contacts a record belongs to.

    A record rule cannot say this: ``('partner_id', 'any', [])`` applies the contact's own rules in a
    search, but rules are evaluated as superuser when records are read or written by id, where the same
    domain matches everything. So both ways in are overridden here, on top of access rights and rules.
    """

    _name = "contact.access.mixin"
    _description = "Access as to the Contacts"
    # Names of the many2one fields to res.partner. All of the contacts must be accessible.
    _contact_access_fields = ("partner_id",)

    @api.model_create_multi
    def create(self, vals_list):
        """Check first: a constraint's message would tell about a contact that the user may not see."""
        self._check_contacts_access(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to move a record to a contact that the user may not edit."""
        self._check_contacts_access([vals])
        return super().write(vals)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable_contacts_domain()
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    def _readable_contacts_domain(self):
        # Also of contacts in the bin: what is still shown of them must not fail.
        contacts = self.env["res.partner"].with_context(with_deleted_contacts=True)
        contacts = contacts._search(Domain.TRUE, active_test=False)
        return Domain.AND(
            # A record without a contact is for access rights and rules to judge.
            Domain(name, "in", contacts)
            | (Domain.FALSE if self._fields[name].required else Domain(name, "=", False))
            for name in self._contact_access_fields
        )

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        allowed = self - refused[0] if refused else self
        # An address is deleted by whoever may edit its contact; nobody need be able to delete that.
        forbidden = allowed._filter_contacts_forbidden("read" if operation == "read" else "write")
        if not forbidden:
            return refused
        if refused:
            return refused[0] | forbidden, refused[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

    @api.model
    def _check_contacts_access(self, vals_list):
        ids = {vals.get(name) for vals in vals_list for name in self._contact_access_fields}
        self.env["res.partner"].browse(filter(None, ids)).check_access("write")

    def _filter_contacts_forbidden(self, operation):
        """Return the records with a contact that the user has not that access to."""
        # sudo: the record's own access is what is being decided
        contacts_by_field = {name: self.sudo()[name].sudo(False) for name in self._contact_access_fields}
        forbidden = {
            name: set((contacts - contacts._filtered_access(operation)).ids)
            for name, contacts in contacts_by_field.items()
        }
        return self.filtered(
            lambda record: any(record.sudo()[name].id in ids for name, ids in forbidden.items())
        )
