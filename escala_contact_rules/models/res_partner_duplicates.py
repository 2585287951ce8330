"""Contacts entered by hand: an address that another contact has is refused, and that contact is named."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tools import email_normalize_all

from ..matching.address_list import drop_invisible
from ..remote_call import is_remote_call
from .res_partner import ADDRESS_MODELS, EMAIL, PHONE

ADDRESS_TYPES = ("invoice", "delivery", "other")


class ResPartner(models.Model):
    """What the web client saves is entered by hand, and so is what a script saves with the key `registration` of
    its context set to "manual". Add-ons that create contacts are left alone, also those that do so while somebody
    saves a form: they know what they do, and most look for the contact first.
    """

    _inherit = "res.partner"

    def web_save(self, vals, specification, next_id=None):
        """Override: what a form, a list or a dialog of the web client saves was entered by hand.

        Odoo moves the company and its other people along, whose phones nobody sees: they stay the same numbers.
        """
        before = self._get_addresses_of_family()
        saving = super(ResPartner, self.with_context(keeps_phones=True, contacts_on_form=self.ids))
        result = saving.web_save(vals, specification, next_id=next_id)
        (self or self.browse(result[0]["id"]))._check_family_not_of_others(before)
        return result

    def web_save_multi(self, vals_list, specification):
        """Override: as `web_save`, for a list in which several contacts were selected."""
        before = self._get_addresses_of_family()
        result = super().web_save_multi(vals_list, specification)
        self._check_family_not_of_others(before)
        return result

    @api.model
    def name_create(self, name):
        """Override: quick creation from a field or a kanban column is by hand; a call from code is not."""
        result = super().name_create(name)
        if is_remote_call(self._name, "name_create"):
            self.browse(result[0])._check_family_not_of_others({})
        return result

    def action_unarchive(self):
        """Override: a contact that comes out of the archive by hand enters like a new one."""
        archived = self.filtered(lambda contact: not contact.active)
        result = super().action_unarchive()
        if is_remote_call(self._name, "action_unarchive"):
            archived._check_family_not_of_others({})
        return result

    def copy_data(self, default=None):
        """Override: by hand, a copy of a contact is another one, and gets its addresses from whoever makes it."""
        copies = super().copy_data(default=default)
        if is_remote_call(self._name, "copy"):
            for values in copies:
                for address in ADDRESS_MODELS.values():
                    if address.primary not in (default or {}):
                        values.pop(address.primary, None)
        return copies

    @api.constrains("email")
    def _check_email_not_of_others(self):
        if self.env.context.get("registration") == "manual":
            emails = [
                email
                for contact in self
                for email in email_normalize_all(drop_invisible(contact.email or ""))
            ]
            self._check_not_of_others(EMAIL, emails)

    @api.constrains("phone", "country_id")
    def _check_phone_not_of_others(self):
        if self.env.context.get("registration") == "manual":
            self._check_not_of_others(PHONE, filter(None, self.mapped("phone_sanitized")))

    @api.constrains("active")
    def _check_unarchived_not_of_others(self):
        if self.env.context.get("registration") == "manual":
            self.filtered("active")._check_family_not_of_others({})

    def _get_addresses_of_family(self):
        """Return what these contacts, and the people on their forms, are found by: addresses by contact and model.

        An archived contact is found by nothing, nor is an invoice or delivery address as a contact.
        """
        # sudo: a duplicate is one, whether or not the user may see it
        family = (
            (self | self.child_ids)
            .sudo()
            .filtered(lambda contact: contact.active and contact._is_contact_of_its_own())
        )
        return {
            (contact.id, model): contact._get_carried_addresses(model, books[contact.id])
            for model in ADDRESS_MODELS
            for books in [family._get_address_books(model)]
            for contact in family
        }

    def _get_carried_addresses(self, model, book):
        """Return the addresses of this contact's book, and those that stand beside the primary e-mail in its field."""
        beside = email_normalize_all(drop_invisible(self.email)) if model == EMAIL and self.email else ()
        return {book.primary, *book.alternatives, *beside} - {None}

    def _check_family_not_of_others(self, before):
        """Check the addresses that these contacts, and the people on their forms, have and had not before."""
        added = defaultdict(set)
        contacts = defaultdict(self.sudo().browse)  # sudo: as in `_get_addresses_of_family`
        for (contact_id, model), addresses in self._get_addresses_of_family().items():
            if new := addresses - before.get((contact_id, model), set()):
                added[model] |= new
                contacts[model] |= contacts[model].browse(contact_id)
        for model, addresses in added.items():
            contacts[model]._check_not_of_others(model, addresses)

    def _check_not_of_others(self, model, addresses):
        """Refuse that one of these contacts has one of these addresses if another one has it too.

        :param str model: "res.partner.email" or "res.partner.phone"
        :param addresses: normalised
        :raises RedirectWarning: with a button to the other contact, if the user may see it
        :raises ValidationError: if not
        """
        addresses = set(addresses)
        if not addresses or not self._refuses_duplicates(model):
            return
        self.env["contact.address.claim"]._claim(addresses)
        emails, phones = (addresses, ()) if model == EMAIL else ((), addresses)
        matches = self._find_all_by_normalized(emails, phones, with_deleted=True)
        books = self._get_address_books(model)
        for address, found in (matches.emails | matches.phones).items():
            for contact in self:
                if address in contact._get_carried_addresses(model, books[contact.id]):
                    others = contact._filter_duplicates(found)
                    if model == PHONE:
                        others = contact._filter_not_sharing_switchboard(others)
                    if others:
                        raise contact._get_duplicate_error(address, others)

    def _refuses_duplicates(self, model):
        # sudo: the setting of the user's own company, which need not be readable
        company = self.env.company.sudo()
        return company.refuse_same_email if model == EMAIL else company.refuse_same_phone

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
                    or other.company_id in self.company_id.parent_ids
                    or self.company_id in other.company_id.parent_ids
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
        # sudo: the checks run as superuser, as all of Odoo's constraints do; what is named is what the user may see
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
            "name": other.display_name,
            "res_model": "res.partner",
            "res_id": other.id,
            "views": [(False, "form")],
            "target": "new",  # What was typed stays behind the dialog.
        }
        return RedirectWarning(message, action, self.env._("Open %s", other.display_name))
