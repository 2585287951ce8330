"""Odoo's import screen, for contacts: what the person importing chose, and what it reports."""

from odoo import models


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Override: contacts are registered, with the policy that was chosen on the screen."""
        if self.res_model != "res.partner":
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        importing = self.with_context(
            registration="import", registration_policy=options.get("existing_contacts") or "update"
        )
        result = super(BaseImport, importing).execute_import(fields, columns, options, dryrun=dryrun)
        self._drop_binaries_of_left_out(result, options.get("skip") or 0)
        return result

    def _drop_binaries_of_left_out(self, result, skipped_rows):
        """The web client gives the n-th picture to the n-th id: leave out those of rows without one."""
        report = result.get("registration")
        if not report:
            return
        left_out = {row["row"] for row in report["rows"] if row["result"] in ("skipped", "refused")}
        for name, filenames in (result.get("binary_filenames") or {}).items():
            result["binary_filenames"][name] = [
                filename for row, filename in enumerate(filenames) if row not in left_out
            ]
        for row in report["rows"]:
            row["row"] += skipped_rows
