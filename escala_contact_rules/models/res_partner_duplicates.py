"""Contacts entered by hand: an address that another contact has is refused, and that contact is named."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError

from ..remote_call import is_remote_call

ADDRESS_TYPES = ("invoice", "delivery", "other")


class ResPartner(models.Model):
    """The web client's ways of creating and editing a contact say `registration="manual"` in the context.

    A script that calls `create` or `write` by RPC can say so itself. Add-ons that create contacts are left
    alone: they know what they do, and most look for the contact first.
    """

    _inherit = "res.partner"

    @api.model
    def _by_hand(self):
        return self.with_context(registration="manual")

    def web_save(self, vals, specification, next_id=None):
        """Override: what a form, a list or a dialog of the web client saves was entered by hand."""
        return super(ResPartner, self._by_hand()).web_save(vals, specification, next_id=next_id)

    def web_save_multi(self, vals_list, specification):
        """Override: as `web_save`, for a list in which several contacts were selected."""
        return super(ResPartner, self._by_hand()).web_save_multi(vals_list, specification)

    @api.model
    def name_create(self, name):
        """Override: quick creation from a field or a kanban column is by hand; a call from code is not."""
        contacts = self._by_hand() if is_remote_call(self._name, "name_create") else self
        return super(ResPartner, contacts).name_create(name)

    @api.constrains("email")
    def _check_email_not_of_others(self):
        self._check_not_of_others("res.partner.email", filter(None, self.mapped("email_normalized")))

    @api.constrains("phone")
    def _check_phone_not_of_others(self):
        self._check_not_of_others("res.partner.phone", filter(None, self.mapped("phone_sanitized")))

    def _check_not_of_others(self, model, addresses):
        """Refuse, by hand, that one of these contacts has one of these addresses if another one has it too.

        :param str model: "res.partner.email" or "res.partner.phone"
        :param addresses: normalised
        :raises RedirectWarning: with a button to the other contact, if the user may see it
        :raises ValidationError: if not
        """
        addresses = set(addresses)
        if not addresses or not self._refuses_duplicates(model):
            return
        self.env["contact.address.claim"]._claim(addresses)
        kind = "emails" if model == "res.partner.email" else "phones"
        matches = self._find_all_by_addresses(**{kind: addresses}, with_deleted=True)
        books = self._get_address_books(model)
        for address, found in getattr(matches, kind).items():
            for contact in self:
                if address in books[contact.id]:
                    others = contact._filter_duplicates(found)
                    if model == "res.partner.phone":
                        others = contact._filter_not_sharing_switchboard(others)
                    if others:
                        raise contact._get_duplicate_error(address, others)

    def _refuses_duplicates(self, model):
        if self.env.context.get("registration") != "manual":
            return False
        # sudo: the setting of the user's own company, which need not be readable
        company = self.env.company.sudo()
        return company.refuse_same_email if model == "res.partner.email" else company.refuse_same_phone

    def _filter_duplicates(self, others):
        """Return those of the others, of this company or of all, that may not have an address of this contact."""
        if not self._is_contact_of_its_own():
            return others.browse()
        return (others - self).filtered(
            lambda other: (
                other._is_contact_of_its_own()
                and (
                    not self.company_id
                    or not other.company_id
                    or other.company_id in self.company_id.parent_ids | self.company_id.child_ids
                )
            )
        )

    def _is_contact_of_its_own(self):
        """Tell an invoice or delivery address of a contact from a contact."""
        return not (self.parent_id and self.type in ADDRESS_TYPES)

    def _filter_not_sharing_switchboard(self, others):
        """Leave out those who may share a phone with this contact: its company and, on its phone, colleagues."""
        company = self.commercial_partner_id
        if company in self | others:
            return others.filtered(lambda other: other.commercial_partner_id != company)
        return others

    def _get_duplicate_error(self, address, others):
        """Return the error that names the oldest of these contacts that the user may see."""
        # The check runs as superuser, as all of Odoo's constraints do.
        visible = others.sudo(False)._filtered_access("read").sudo()
        if not visible:
            return ValidationError(
                self.env._(
                    "%s belongs to another contact already, one that you may not see. Ask an administrator, "
                    "or enter another address.",
                    address,
                )
            )
        other = visible.sorted(lambda contact: (bool(contact.deletion_date), contact.id))[0]
        if other.deletion_date:
            message = self.env._(
                "%(address)s belongs to %(contact)s, deleted on %(date)s. Restore that contact, or delete it "
                "forever, instead of entering it again.",
                address=address,
                contact=other.display_name,
                date=fields.Date.to_string(other.deletion_date),
            )
        else:
            message = self.env._(
                "%(address)s belongs to %(contact)s already. One person is one contact: open it and add what "
                "is new there.",
                address=address,
                contact=other.display_name,
            )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": other.id,
            "views": [(False, "form")],
            "target": "current",
        }
        return RedirectWarning(message, action, self.env._("Open %s", other.display_name))
