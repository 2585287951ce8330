"""Merging contacts: the one that remains keeps every address of all of them, each of them once."""

from odoo import api, models

from ..matching.address_book import LIMIT
from ..models.res_partner import ADDRESS_MODELS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the addresses first: the wizard's own SQL would neither count nor compare them."""
        # sudo: whoever may merge contacts may do so whatever hangs on them, as Odoo's own SQL does
        (src_partners | dst_partner)._share_unconfirmed_emails()
        left_out = [
            address
            for model in ADDRESS_MODELS
            for address in self._merge_addresses(model, src_partners.sudo(), dst_partner.sudo())
        ]
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if left_out:
            dst_partner.sudo()._message_log(  # sudo: as above
                body=self.env._(
                    "A contact has at most %(limit)s other addresses of a kind. Merging left out: %(addresses)s",
                    limit=LIMIT,
                    addresses=", ".join(left_out),
                )
            )
        return result

    @api.model
    def _merge_addresses(self, model, src_partners, dst_partner):
        """Move the alternatives, and the primaries that give way, to the contact that remains.

        Returns the addresses, as they were typed, for which there was no room.
        """
        names = ADDRESS_MODELS[model]
        # As `_update_values` will choose: the contact's own, else that of the last one merged into it.
        primary_of = next(
            (contact for contact in (dst_partner, *reversed(src_partners)) if contact[names.primary]),
            dst_partner,
        )
        kept, left_out = {primary_of[names.normalized]}, []
        lines = self.env[model].sudo()  # sudo: as above
        for line in (dst_partner | src_partners)[names.lines]:
            if line[names.normalized] in kept:
                line.unlink()
            elif len(kept) > LIMIT:
                left_out.append(line[line._raw_field])
                line.unlink()
            else:
                kept.add(line[names.normalized])
                if line.partner_id != dst_partner:
                    line.partner_id = dst_partner
        for contact in (src_partners - primary_of).filtered(names.primary):
            address = contact[names.normalized]
            if address and address in kept:
                continue
            if not address or len(kept) > LIMIT:
                left_out.append(address or contact[names.primary])
                continue
            kept.add(address)
            lines.create({"partner_id": dst_partner.id, lines._raw_field: address, "label": "other"})
        return left_out
