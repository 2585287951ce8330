"""Contacts from a file: each row is registered, and the report says what became of it."""

from collections import Counter
from dataclasses import dataclass, field

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError


@dataclass
class ImportReport:
    """What became of the rows of a file, and the race that was lost to another transaction, if any.

    `names` is what the converter of values remembers (`ir_fields_converter`).
    """

    rows: list[dict] = field(default_factory=list)
    names: dict[tuple, tuple] = field(default_factory=dict)
    lost_race: OperationalError | None = None


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def load(self, fields, data):
        """Override: what Odoo's import screen imports is registered; what code loads is not.

        The result has one more key, `registration`: how many rows were created, updated, and so on, and the
        rows about which there is something to say.
        """
        if self.env.context.get("registration") != "import":
            return super().load(fields, data)
        report = ImportReport()
        result = super(ResPartner, self.with_context(registration_report=report)).load(fields, data)
        if report.lost_race:
            # Odoo's `load` has made a message of it; raised, it makes Odoo start the request over.
            raise report.lost_race
        result["registration"] = {
            "counts": Counter(row["result"] for row in report.rows),
            "rows": sorted((row for row in report.rows if row["reason"]), key=lambda row: row["row"]),
            "ids": [row["id"] for row in report.rows],
        }
        return result

    @api.model
    def _load_records(self, data_list, update=False):
        """Override: see `load`. Returns the contact of each row that was neither skipped nor refused."""
        report = self.env.context.get("registration_report")
        if report is None:
            return super()._load_records(data_list, update=update)
        contacts = self.with_context(registration_report=None)
        rows = [dict(data["values"]) for data in data_list]
        external_ids = contacts._get_ids_of_external_ids(data_list)
        contacts._check_new_external_ids(
            {data["xml_id"] for data in data_list if data["xml_id"]} - external_ids.keys()
        )
        for data, row in zip(data_list, rows, strict=True):
            if data["xml_id"] in external_ids:
                row["id"] = external_ids[data["xml_id"]]
        policy = self.env.context.get("registration_policy", "update")
        try:
            # sudo: the person importing need not be able to read the log
            registrations = contacts._register_contacts(rows, "import", policy).sudo()
        except (SerializationFailure, DeadlockDetected, LockNotAvailable) as error:
            report.lost_race = error
            raise
        contacts._name_new_external_ids(data_list, registrations, external_ids)
        report.rows += [
            {
                "id": registration.id,
                "row": data["info"]["rows"]["from"],
                "name": registration.name,
                "result": registration.result,
                "reason": registration.reason,
            }
            for data, registration in zip(data_list, registrations, strict=True)
        ]
        done = registrations.filtered(lambda registration: registration.result not in ("skipped", "refused"))
        return self.browse([registration.partner_id.id for registration in done])

    @api.model
    def _get_ids_of_external_ids(self, data_list):
        """Return the contacts that rows name by their external id."""
        names = [data["xml_id"] for data in data_list if data["xml_id"]]
        # sudo: external ids are not for users to read; access to the contacts is checked as they are registered
        found = self.env["ir.model.data"].sudo()._lookup_xmlids(names, self)
        return {
            f"{module}.{name}": res_id
            for _id, module, name, model, res_id, _noupdate, exists in found
            if exists and model == self._name
        }

    @api.model
    def _check_new_external_ids(self, names):
        """Refuse external ids in an add-on's name: its next update would delete the contacts."""
        prefixes = {name.partition(".")[0] for name in names} - {"__import__", "__export__"}
        if not prefixes:
            return
        # sudo: whether an add-on is there is all that is asked
        modules = self.env["ir.module.module"].sudo().search([("name", "in", list(prefixes))])
        if modules:
            raise UserError(
                self.env._(
                    "External ids must not begin with the name of an add-on and a dot: “%s.”. Such contacts "
                    "would be deleted when the add-on is updated.",
                    modules[0].name,
                )
            )

    @api.model
    def _name_new_external_ids(self, data_list, registrations, known):
        """Give the contacts of rows with an external id of their own that external id."""
        # sudo: as Odoo does when it imports (odoo/orm/models.py, `_load_records`)
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {"xml_id": data["xml_id"], "record": registration.partner_id, "noupdate": data["noupdate"]}
                for data, registration in zip(data_list, registrations, strict=True)
                if data["xml_id"] and data["xml_id"] not in known and registration.partner_id
            ]
        )
