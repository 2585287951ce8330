"""Merging contacts or accounts: what every address may do stays the same."""

from odoo import api, models
from odoo.fields import Command

SWITCHES = ("login", "notify", "email_sync")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Override: a client has a user for each of its addresses, where Odoo merges contacts of one user only.

        So the clients' users are another contact's while Odoo merges.
        """
        # sudo: as Odoo, whoever may merge contacts merges their users
        logins = self.env["escala.portal.login"].sudo().with_context(active_test=False)
        users = logins.search([("contact_id", "in", list(partner_ids))]).user_id
        if not users:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        shelter = partners.create({"name": self.env._("Clients of contacts that are being merged")})
        users.partner_id = shelter
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        users.partner_id = merged = partners.exists()
        shelter.unlink()
        if company := merged.company_id:
            users.write({"company_id": company.id, "company_ids": [Command.link(company.id)]})
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Unite the rows that are about to become the same; Odoo then moves those that are left."""
        self._merge_account_contacts(src_partners, dst_partner)
        accounts = self._get_accounts_of_filed_documents(src_partners | dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self._refresh_account_contacts(dst_partner)
        self._unite_filed_documents(accounts)
        return result

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
                # The login first: with one of this address there, none is looked for.
                oldest.login_id = equal.login_id[:1]
                oldest.write(self._prepare_united_values(equal))
                others.unlink()

    @api.model
    def _prepare_united_values(self, rows):
        """Return what the address may do on any of the accounts; it is notified of what it wanted on any of them."""
        muted = [row.muted_category_ids for row in rows.filtered("notify")]
        unwanted = (
            muted[0].filtered(lambda category: all(category in each for each in muted)) if muted else None
        )
        return {
            **{switch: any(rows.mapped(switch)) for switch in SWITCHES},
            "save_attachments_since": min(filter(None, rows.mapped("save_attachments_since")), default=False),
            **({"muted_category_ids": [Command.set(unwanted.ids)]} if muted else {}),
        }

    @api.model
    def _refresh_account_contacts(self, dst_partner):
        """Reckon anew what depends on the contact, which Odoo has changed by SQL."""
        # sudo: as in _merge_account_contacts
        rows = self.env["escala.account.contact"].sudo()
        rows.invalidate_model()
        rows = rows.search([("contact_id", "=", dst_partner.id)])
        self.env.add_to_compute(rows._fields["is_former_address"], rows)
        rows.login_id._update_users()
        for name in ("client_contact_count", *(f"client_{switch}" for switch in SWITCHES)):
            self.env.add_to_compute(dst_partner._fields[name], dst_partner)

    @api.model
    def _get_accounts_of_filed_documents(self, accounts):
        """Return the account of each document of these accounts that came with an e-mail."""
        # sudo: as in _merge_account_contacts
        documents = self.env["escala.document"].sudo().with_context(active_test=False)
        filed = documents.search(
            [("account_id", "in", accounts.ids), ("source_id", "!=", False)], order="active desc, id"
        )
        return {document: document.account_id for document in filed}

    @api.model
    def _unite_filed_documents(self, accounts):
        """Keep one of the files that several accounts had from an e-mail: what was worked with, else the oldest.

        What was worked with is never removed, nor what was twice on one account: somebody wanted it so.

        :param accounts: the account that each document was on before the merge, as
            _get_accounts_of_filed_documents returns it
        """
        filed = self.env["escala.document"].union(*accounts).sudo()  # sudo: as in _merge_account_contacts
        filed.invalidate_recordset()  # Odoo has changed the account by SQL
        by_source = filed.grouped(lambda file: (file.source_model, file.source_id, file.checksum, file.name))
        for same in by_source.values():
            kept = (same.filtered(lambda file: file._was_worked_with()) or same)[:1]
            spare = same.filtered(
                lambda file, kept=kept: accounts[file] != accounts[kept] and not file._was_worked_with()
            )
            shown = spare.filtered(lambda file: file._is_shown())[:1]
            if shown and not kept._is_shown():
                kept.with_context(escala_document_quietly=True).write(
                    {"active": True, "client_visible": True, "folder_id": shown.folder_id.id}
                )
            spare.unlink()
