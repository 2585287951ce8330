"""Merging contacts: the one that remains keeps every address of all of them, each of them once."""

from odoo import api, models

from ..models.res_partner import ADDRESS_MODELS

PRIMARY_FIELDS = {"res.partner.email": "email", "res.partner.phone": "phone"}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the addresses first: the wizard's own SQL would neither count nor compare them."""
        for model in ADDRESS_MODELS:
            # sudo: whoever may merge contacts may do so whatever hangs on them, as Odoo's own SQL does
            self._merge_addresses(model, src_partners.sudo(), dst_partner.sudo())
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_addresses(self, model, src_partners, dst_partner):
        """Move the alternatives, and the primaries that give way, to the contact that remains."""
        lines_field, normalized_field = ADDRESS_MODELS[model]
        primary_field = PRIMARY_FIELDS[model]
        # As `_update_values` will choose: the contact's own, else that of the last one merged into it.
        primary_of = next(
            (contact for contact in (dst_partner, *reversed(src_partners)) if contact[primary_field]),
            dst_partner,
        )
        kept = {primary_of[normalized_field]}
        for line in (dst_partner | src_partners)[lines_field]:
            if line[normalized_field] in kept:
                line.unlink()
                continue
            kept.add(line[normalized_field])
            if line.partner_id != dst_partner:
                line.partner_id = dst_partner
        for contact in src_partners - primary_of:
            address = contact[normalized_field]
            if address and address not in kept:
                kept.add(address)
                # sudo: as above
                self.env[model].sudo().create(
                    {"partner_id": dst_partner.id, self.env[model]._raw_field: address, "label": "other"}
                )
