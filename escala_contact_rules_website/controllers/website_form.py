"""Forms of Odoo's website: a contact that is known is updated, and no address of it overwritten."""

from odoo import SUPERUSER_ID
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.website_crm.controllers.website_form import WebsiteForm

# The fields of a form that hold an address, by its model.
ADDRESS_FIELDS = {"res.partner": ("email", "phone"), "crm.lead": ("email_from", "phone")}
# What a lead says of its contact: field of the lead -> of the contact.
LEAD_FIELDS = {"contact_name": "name", "email_from": "email", "phone": "phone", "function": "function"}


class RegisteringWebsiteForm(WebsiteForm):
    def extract_data(self, model_sudo, values):
        """Override: name the fields whose address is none, so that the form marks them."""
        data = super().extract_data(model_sudo, values)
        email_field, phone_field = ADDRESS_FIELDS.get(model_sudo.model, (None, None))
        record = data["record"]
        wrong = []
        if record.get(email_field) and not email_normalize(record[email_field]):
            wrong.append(email_field)
        if record.get(phone_field) and not self._is_phone(record):
            wrong.append(phone_field)
        if wrong:
            raise ValidationError(wrong)
        return data

    def insert_record(self, request, model_sudo, values, custom, meta=None):
        """Override: register the contact; a lead gets it as its customer."""
        if model_sudo.model == "res.partner":
            return self._insert_contact(values, custom, meta)
        if model_sudo.model == "crm.lead" and not values.get("partner_id"):
            contact = {
                LEAD_FIELDS[name]: value for name, value in values.items() if name in LEAD_FIELDS and value
            }
            if contact.get("email") or contact.get("phone"):
                customer = self._register(contact, "skip").partner_id
                # none of a colleague: what is written on a lead is added to its customer
                values = {**values, "partner_id": (customer - customer._filter_own()).id}
        return super().insert_record(request, model_sudo, values, custom, meta=meta)

    def insert_attachment(self, model_sudo, id_record, files):
        """Override: hang no files on a colleague or a company of this database."""
        if model_sudo.model == "res.partner":
            contact = model_sudo.env["res.partner"].browse(id_record)
            if contact._filter_own():
                return None
        return super().insert_attachment(model_sudo, id_record, files)

    def _insert_contact(self, values, custom, meta):
        registration = self._register(values)
        contact = registration.partner_id
        if content := "\n\n".join(filter(None, [custom, meta])):
            if contact._filter_own():
                registration.reason = "\n".join(filter(None, [registration.reason, content]))
            else:
                contact._message_log(body=content)
        return contact.id

    def _register(self, values, policy="update"):
        """Return the registration of the contact that these values belong to, new or known.

        :param str policy: "skip" to leave a known contact as it is: a lead says nothing about it, as in stock Odoo

        :raises ValidationError: they are refused
        """
        # as Odoo's own form, which creates as the superuser
        contacts = request.env["res.partner"].with_user(SUPERUSER_ID).with_company(request.website.company_id)
        registration = contacts._register_contacts([values], "form", policy)
        if registration.result == "refused":
            raise ValidationError(registration.reason)
        return registration.with_user(SUPERUSER_ID)

    def _is_phone(self, record):
        contacts = request.env["res.partner"].sudo()  # sudo: how a number is read is no secret
        country = contacts.env["res.country"].browse(record.get("country_id") or ()).exists()
        country = country or request.website.company_id.country_id
        return bool(contacts._phone_format_number(record["phone"], country))
