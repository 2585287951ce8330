"""The errors of a change of many client accounts, to take along as a file."""

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

from ..spreadsheets import error_table

FILES = {
    "csv": (error_table.to_csv, "text/csv;charset=utf-8"),
    "xlsx": (error_table.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class AccountChange(Controller):
    @route(
        "/escala_client_portal/account_change/<int:change_id>/errors.<any(csv, xlsx):extension>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download_errors(self, change_id, extension):
        """Send the errors as a file to whoever may see the change; to others there is no such page."""
        change = request.env["escala.account.change"].browse(change_id).exists()
        try:
            change.check_access("read")
        except AccessError:
            change = None
        if not change:
            raise NotFound
        write, content_type = FILES[extension]
        name = request.env._("Client accounts - errors %s", change_id)
        return request.make_response(
            write(change.error_ids._to_table()),
            [
                ("Content-Type", content_type),
                ("Content-Disposition", content_disposition(f"{name}.{extension}")),
            ],
        )
