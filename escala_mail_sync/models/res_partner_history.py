"""When a contact gets an address, or is to be synchronised, its history is asked for."""

from odoo import api, fields, models

from odoo.addons.escala_contact_rules.models.res_partner import EMAIL


class ResPartner(models.Model):
    _inherit = "res.partner"

    email_sync = fields.Boolean(
        "E-mail sync",
        help="For mailboxes that only bring in the mail of chosen contacts: bring in the mail with this one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._request_history(set())
        return contacts

    def write(self, vals):
        if not {"email", "email_sync"}.intersection(vals):
            return super().write(vals)
        turned_on = (
            self.filtered(lambda contact: not contact.email_sync) if vals.get("email_sync") else self[:0]
        )
        known = set((self - turned_on).mapped("email_normalized"))
        result = super().write(vals)
        self._request_history(known)
        turned_on.alternative_email_ids._request_history()
        return result

    def _request_history(self, known: set[str]) -> None:
        emails = set(self.filtered("active").mapped("email_normalized"))
        self.env["escala.history.request"]._add(emails - known)

    @api.model
    def _get_synced_addresses(self, partners_by_email: dict) -> set[str]:
        """Return those addresses whose mail mailboxes for chosen contacts bring in.

        Other add-ons may decide address by address.

        :param partners_by_email: the contacts of each normalised address
        """
        return {email for email, partners in partners_by_email.items() if any(partners.mapped("email_sync"))}


class ResPartnerEmail(models.Model):
    _inherit = EMAIL

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._request_history()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "email" in vals:
            self._request_history()
        return result

    def _request_history(self) -> None:
        self.env["escala.history.request"]._add(self.mapped("email_normalized"))
