"""The leads that an import makes, of addresses that nobody knows."""

from __future__ import annotations

from datetime import datetime

from odoo import models

from ..mime import Address
from ..mime.addresses import names_another
from .escala_email_importer import QUIET
from .escala_email_item import SUBJECT_LIMIT, Item


class EscalaEmailImporter(models.AbstractModel):
    _inherit = "escala.email.importer"

    def _create_leads(self, mailbox, items: list[Item], leads: dict[str, int]) -> dict[str, int]:
        """Create one lead per unknown address, from the first message with it."""
        first: dict[str, tuple[Item, Address]] = {}
        for item in items:
            for address in item.decision.lead_for:
                if address.email not in leads:
                    first.setdefault(address.email, (item, address))
        if not first:
            return {}
        self.env["contact.address.claim"]._claim(first)
        users = mailbox._get_lead_users(list(first))
        common = {
            user_id: self._prepare_common_lead_values(mailbox, user_id) for user_id in {*users.values()}
        }
        values = [
            {
                **common[users[email]],
                **self._in_language_of(users[email], mailbox)._prepare_lead_values(mailbox, item, address),
            }
            for email, (item, address) in first.items()
        ]
        created = self.env["crm.lead"].with_context(**QUIET).create(values)
        return dict(zip(first, created.ids, strict=True))

    def _restore_senders(self, mailbox, items: list[Item]) -> None:
        """Take out of the bin who has written since being deleted, instead of making a lead of a stranger.

        Of what is older, such as history, the contact was deleted along.
        """
        newest: dict[str, datetime] = {}
        for item in items:
            decision, received_on = item.decision, item.fetched.internal_date
            if decision and decision.direction == "in" and received_on:
                for address in decision.lead_for:
                    newest[address.email] = max(received_on, newest.get(address.email, received_on))
        if not newest:
            return
        contacts = self.env["res.partner"].with_company(mailbox.company_id)
        found = contacts._find_all_by_addresses(newest, company=mailbox.company_id, with_deleted=True).emails
        back = [
            email
            for email, owners in found.items()
            if (oldest := owners[:1]).deletion_date and oldest.deletion_date <= newest[email]
        ]
        contacts._register_contacts([{"email": email} for email in back], "mail")

    def _note_origins(self, emails, items: list[Item], new_leads: dict[str, int]) -> None:
        """Remember which e-mail each new lead was made from: the first one that asked for it."""
        remaining = dict(new_leads)
        self.env["escala.lead.origin"]._record(
            [
                (remaining.pop(address.email), email.id)
                for email, item in zip(emails, items, strict=True)
                for address in item.decision.lead_for
                if address.email in remaining
            ]
        )

    def _prepare_common_lead_values(self, mailbox, user_id: int | bool) -> dict:
        """Return what all leads of a mailbox for one user share.

        Odoo's own rules choose team and stage, once per batch and user.
        """
        use_leads = self.env.ref("base.group_user").all_implied_ids & self.env.ref("crm.group_use_lead")
        values = {
            "type": "lead" if use_leads else "opportunity",
            "user_id": user_id,
            "company_id": mailbox.company_id.id,
        }
        lead = self.env["crm.lead"].with_company(mailbox.company_id).new(values)
        return {**values, "team_id": lead.team_id.id, "stage_id": lead.stage_id.id}

    def _in_language_of(self, user_id: int | bool, mailbox):
        """Speak as whoever gets the lead does, or else the mailbox's company; the cron speaks Odoo's language."""
        user = self.env["res.users"].browse(user_id or [])
        return self.with_context(lang=user.lang or mailbox.company_id.partner_id.lang)

    def _prepare_lead_values(self, mailbox, item: Item, address: Address) -> dict:
        """Return what tells the lead from others. One of a private mailbox does not say that there was an e-mail."""
        is_name = address.name.lower() != address.email and not names_another(address.name, address.email)
        name = address.name if is_name else ""
        return {
            "name": self._get_lead_name(mailbox, item, address) or name or address.email,
            "email_from": address.email,
            "contact_name": name or False,
        }

    def _get_lead_name(self, mailbox, item: Item, address: Address) -> str:
        """Return the subject or, where there is none, who it is from or to; empty for a private mailbox."""
        if mailbox.visibility == "private":
            return ""
        subject = item.parsed.headers.subject[:SUBJECT_LIMIT]
        if item.decision.direction == "out":
            return subject or self.env._("E-mail to %s", address.email)
        return subject or self.env._("E-mail from %s", address.email)
