"""Which leads and which customer belong together, when the customer has several addresses.

That a lead's customer is found by an alternative address, in a mail or by `_find_matching_partner`, needs nothing
here: Odoo asks `res.partner._find_or_create_from_emails`, which knows them.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all, parse_contact_from_email

from .crm_lead import EMAIL, PHONE

# Odoo takes as many results for a sign of an address that says nothing (crm/models/crm_lead.py,
# `_compute_potential_lead_duplicates`).
TOO_MANY = 21


class CrmLead(models.Model):
    """Contacts without alternative addresses are left to Odoo."""

    _inherit = "crm.lead"

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        """Override: also find the leads with another address of the contact that has this one."""
        duplicates = super()._get_lead_duplicates(partner=partner, email=email, include_lost=include_lost)
        for contact in set(self._find_with_alternatives(email_normalize_all(email or "")).values()):
            duplicates |= super()._get_lead_duplicates(
                partner=contact,
                email=", ".join(contact._get_all_addresses(EMAIL)),
                include_lost=include_lost,
            )
        return duplicates

    def _handle_partner_assignment(self, force_partner_id=False, create_missing=True, with_parent=None):
        """Override: make no second contact where there is one, unless the company lets contacts share addresses."""
        if create_missing and not force_partner_id:
            for lead in self.filtered(lambda lead: not lead.partner_id):
                if contact := lead._find_customer_by_email() or lead._find_customer_by_phone():
                    lead.partner_id = contact
        return super()._handle_partner_assignment(
            force_partner_id=force_partner_id, create_missing=create_missing, with_parent=with_parent
        )

    def _get_company_with_settings(self):
        # sudo: the settings of a company, which need not be readable
        return (self.company_id or self.env.company).sudo()

    def _find_customer_by_email(self):
        """Return the contact with the lead's e-mail, out of the bin if it was there."""
        contacts, email = self.env["res.partner"], self.email_normalized
        if not email or not self._get_company_with_settings().refuse_same_email:
            return contacts
        self.env["contact.address.claim"]._claim([email])
        contact = self._find_matching_partner()
        return contact or contacts._restore_by_emails([email], self._may_be_customer).get(email, contacts)

    def _find_customer_by_phone(self):
        """Return the person of the lead's name with its phone who can take the lead's e-mail, and add it to theirs.

        The phone alone, which may be a household's or an office's, is not enough to make them one.
        """
        contacts, number = self.env["res.partner"], self._phone_format(fname="phone")
        company = self._get_company_with_settings()
        if not number or not self.contact_name or not company.refuse_same_phone:
            return contacts
        self.env["contact.address.claim"]._claim([number])
        found = contacts._find_all_by_normalized((), [number], company).phones.get(number, contacts)
        name = self.contact_name.strip().casefold()
        contact = (
            (found - found._filter_own())
            ._filtered_access("write")
            .filtered(
                lambda contact: (
                    not contact.is_company
                    and contact._is_contact_of_its_own()
                    and (contact.name or "").strip().casefold() == name
                    and (not self.email_normalized or contact._can_take_address(EMAIL, self.email_normalized))
                )
            )[:1]
        )
        if contact and self.email_from:
            self._add_email_to(contact)
        return contact

    def _may_be_customer(self, contact):
        company = self._get_company_with_settings()
        return not contact.company_id or contact.company_id in company.parent_ids | company

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Override: of a company and its person, who are made at once, the person gets the e-mail."""
        values = super()._prepare_customer_values(partner_name, is_company=is_company, parent_id=parent_id)
        person = self.contact_name or parse_contact_from_email(self.email_from or "")[0]
        if is_company and person and self._get_company_with_settings().refuse_same_email:
            values["email"] = False
        return values

    @api.depends(
        "partner_id.alternative_email_ids.email_normalized",
        "partner_id.alternative_phone_ids.phone_sanitized",
    )
    def _compute_potential_lead_duplicates(self):
        """Override: also count the leads with any other address of the same contact."""
        result = super()._compute_potential_lead_duplicates()
        Lead = self.env["crm.lead"].with_context(active_test=False)
        contacts_by_email = self._find_with_alternatives(self.mapped("email_normalized"))
        for lead in self:
            contact = lead.partner_id or contacts_by_email.get(lead.email_normalized)
            if not contact or not contact._has_alternative_addresses():
                continue
            for domain in (
                Domain("email_normalized", "in", contact._get_all_addresses(EMAIL)),
                Domain("phone_sanitized", "in", contact._get_all_addresses(PHONE)),
                Domain("partner_id", "child_of", contact.commercial_partner_id.ids),
            ):
                found = Lead.search(domain & Domain("id", "!=", lead._origin.id), limit=TOO_MANY)
                if len(found) < TOO_MANY:
                    lead.duplicate_lead_ids |= found
            lead.duplicate_lead_count = len(lead.duplicate_lead_ids - lead)
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Override: who is written to under an alternative address becomes the customer too.

        Odoo does this for the contact's primary address: choosing the suggested recipient makes the customer.
        """
        if self.email_normalized and not self.partner_id:
            recipient = message.partner_ids.filtered(
                lambda contact: self.email_normalized in contact._get_address_books(EMAIL)[contact.id]
            )[:1]
            if recipient and recipient.email_normalized != self.email_normalized:
                self.search(
                    [
                        ("partner_id", "=", False),
                        ("email_normalized", "=", self.email_normalized),
                        ("stage_id.fold", "=", False),
                    ]
                ).partner_id = recipient
        return super()._message_post_after_hook(message, msg_vals)

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    @api.model
    def _find_with_alternatives(self, emails):
        """Return by address the contacts that have others too, as far as the user may see them."""
        found = self.env["res.partner"]._find_by_addresses(filter(None, emails)).emails
        return {
            email: contact
            for email, contact in found.items()
            if contact._has_alternative_addresses() and contact.has_access("read")
        }
