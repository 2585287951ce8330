"""Which leads and which customer belong together, when the customer has several addresses.

That a lead's customer is found by an alternative address, in a mail or by `_find_matching_partner`, needs nothing
here: Odoo asks `res.partner._find_or_create_from_emails`, which knows them.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all

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
        """Override: make no second contact where one has the lead's e-mail, unless the company shares e-mails."""
        if create_missing and not force_partner_id:
            for lead in self.filtered(lambda lead: not lead.partner_id):
                # sudo: the setting of a company, which need not be readable
                company = (lead.company_id or self.env.company).sudo()
                if company.refuse_same_email and (contact := lead._find_matching_partner()):
                    lead.partner_id = contact
        return super()._handle_partner_assignment(
            force_partner_id=force_partner_id, create_missing=create_missing, with_parent=with_parent
        )

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
