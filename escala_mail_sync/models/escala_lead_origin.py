"""Which leads e-mails have made, and what they were like then: so that one that nobody has touched can go again."""

import json
from collections.abc import Iterable

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools.json import json_default

# Odoo writes these by itself: it assigns leads and reckons probabilities. A person who does so leaves other traces.
WRITTEN_BY_ODOO = {"user_id", "team_id", "probability"}
# What hangs on a lead without saying that anybody has worked on it, or is looked at on its own.
OF_NO_MATTER = {"escala.lead.origin", "escala.email", "mail.activity", "mail.followers", "mail.message"}


class EscalaLeadOrigin(models.Model):
    _name = "escala.lead.origin"
    _description = "E-mail a Lead Was Made From"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True, ondelete="cascade")
    email_id = fields.Many2one("escala.email", readonly=True, ondelete="set null", index=True)
    values = fields.Json(readonly=True, help="What was in the lead when it was made.")

    _one_row_per_lead = models.UniqueIndex("(lead_id)")

    @api.model
    def _record(self, origins: Iterable[tuple[int, int]]) -> None:
        """Note that these leads have just been made from these e-mails: pairs of ids."""
        origins = dict(origins)
        leads = self.env["crm.lead"].browse(origins)
        values = self._get_values(leads)
        self.create([{"lead_id": id_, "email_id": origins[id_], "values": values[id_]} for id_ in leads.ids])

    @api.model
    def _filter_untouched(self, leads):
        """Return those leads that e-mails have made, that nobody has changed, and that nothing hangs on but e-mails.

        In doubt a lead counts as touched.
        """
        origins = self.search([("lead_id", "in", leads.ids)])
        untouched = origins.lead_id.filtered(
            lambda lead: (
                lead.active
                and lead.is_automated_probability
                and lead.create_uid.id == lead.write_uid.id == SUPERUSER_ID
            )
        )
        values = self._get_values(untouched)
        before = {origin.lead_id.id: origin.values or {} for origin in origins}
        untouched = untouched.filtered(lambda lead: values[lead.id] == before[lead.id])
        untouched -= self._filter_talked_about(untouched)
        return untouched - self._filter_referred_to(untouched)

    @api.model
    def _stop_quoting(self, mailboxes) -> None:
        """Name the leads that e-mails of these mailboxes made after people, where they have the subject for a name.

        Not if another mailbox shares the e-mail, nor if somebody has chosen another name. To be called as superuser.
        """
        quoting = self.with_user(SUPERUSER_ID).search(
            [("email_id.mailbox_message_ids.mailbox_id", "in", mailboxes.ids)]
        )
        for origin in quoting:
            lead, email = origin.lead_id, origin.email_id
            if email.subject and lead.name == email.subject and not email._get_mailboxes()._filter_shared():
                lead.with_context(tracking_disable=True).name = lead.contact_name or lead.email_from
                lead.flush_recordset()  # as written by Odoo, so that it does not count as touched
                origin.values = {**(origin.values or {}), "name": lead.name}

    def _get_values(self, leads) -> dict[int, dict]:
        """Map the ids of leads to what is in those of their fields that people can fill in, as JSON has it."""
        names = [
            name
            for name, field in leads._fields.items()
            if field.store
            and (field.column_type or field.type == "many2many")
            and not (field.compute and field.readonly)
            and name not in WRITTEN_BY_ODOO
            and name not in models.MAGIC_COLUMNS
        ]
        rows = json.loads(json.dumps(leads.read(names, load=""), default=json_default))
        return {row.pop("id"): {name: value for name, value in row.items() if value} for row in rows}

    def _filter_talked_about(self, leads):
        """Return the leads that a person has written on, or that have an activity not made by an e-mail.

        What Odoo notes by itself, such as an assignment or that an e-mail was read, does not count.
        """
        messages = self.env["mail.message"].search_fetch(
            [
                *self._get_domain("model", "res_id", leads),
                "|",
                ("create_uid", "!=", SUPERUSER_ID),
                ("message_type", "not in", ("notification", "user_notification")),
            ],
            ["res_id"],
        )
        activities = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search_fetch(
                [*self._get_domain("res_model", "res_id", leads), ("escala_email_id", "=", False)], ["res_id"]
            )
        )
        return leads.browse({*messages.mapped("res_id"), *activities.mapped("res_id")})

    def _filter_referred_to(self, leads):
        """Return the leads that a record of any model belongs to: orders, meetings, attachments and so on."""
        found = leads.browse()
        if not leads:
            return found
        for model, field in self._get_references():
            records = self.env[model].with_context(active_test=False)
            if field.type == "many2one_reference":
                domain = self._get_domain(field.model_field, field.name, leads)
                found |= leads.browse(records.search_fetch(domain, [field.name]).mapped(field.name))
            else:
                found |= records.search_fetch([(field.name, "in", leads.ids)], [field.name])[field.name]
        return found & leads

    def _get_references(self):
        """Yield the models that can belong to a lead, each with the field that says so."""
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto or name in OF_NO_MATTER:
                continue
            for field in model._fields.values():
                if not field.store or field.related:
                    continue
                if field.type == "many2one_reference":
                    model_field = model._fields.get(field.model_field)
                    refers = model_field is not None and model_field.store
                else:
                    refers = field.type in ("many2one", "many2many") and field.comodel_name == "crm.lead"
                if refers:
                    yield name, field

    def _get_domain(self, model_field: str, id_field: str, leads) -> list:
        return [(model_field, "=", leads._name), (id_field, "in", leads.ids)]
