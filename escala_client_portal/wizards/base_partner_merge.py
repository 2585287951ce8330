"""Merging contacts or accounts: what every address may do stays the same."""

from odoo import api, models

SWITCHES = ("login", "notify", "email_sync")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Unite the rows that are about to become the same; Odoo then moves those that are left."""
        self._merge_account_contacts(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_account_contacts(self, src_partners, dst_partner):
        """Keep the oldest of equal rows. It may do what any of them may: the address did so already."""
        partners = src_partners | dst_partner
        domain = ["|", ("account_id", "in", partners.ids), ("contact_id", "in", partners.ids)]
        # sudo: rows of accounts that the user cannot see are merged as well
        rows = self.env["escala.account.contact"].sudo().search(domain, order="id")

        def after_merge(row):
            account, contact = (
                dst_partner if partner in src_partners else partner
                for partner in (row.account_id, row.contact_id)
            )
            return account, contact, row.email_normalized

        for equal in rows.grouped(after_merge).values():
            oldest, others = equal[:1], equal[1:]
            if others:
                oldest.write(self._prepare_united_values(equal))
                others.unlink()

    @api.model
    def _prepare_united_values(self, rows):
        return {
            **{switch: any(rows.mapped(switch)) for switch in SWITCHES},
        }
