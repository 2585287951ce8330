"""Two clients who decide on one document at the same moment: one decides, the other is told."""

import base64
import contextlib

import pytest
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError

from setup import odoo_env


def test_the_later_of_two_decisions_is_refused(odoo_database):
    with odoo_env.environment(odoo_database) as env:
        account = env["res.partner"].create({"name": "Vineyard", "is_company": True})
        document = env["escala.document"].create(
            {"name": "a.txt", "content": base64.b64encode(b"terms"), "account_id": account.id}
        )
        document._ask("to_approve")
        checksum = document.checksum
        env.cr.commit()
    with contextlib.ExitStack() as stack:
        first, second = (
            stack.enter_context(odoo_env.environment(odoo_database))["escala.document"].browse(document.id)
            for _ in range(2)
        )
        assert first.state == second.state == "to_approve"
        first._approve(checksum)
        first.env.cr.commit()
        second._reject(checksum, "No")
        with pytest.raises(SerializationFailure):
            second.env.cr.flush()
        second.env.cr.rollback()
        second.env.transaction.clear()
        with pytest.raises(UserError):  # Odoo tries once more, and then it is decided
            second._reject(checksum, "No")
        second.env.cr.rollback()
        assert second.state == "approved"
        assert second.event_ids.sorted("id").mapped("action")[-1] == "approved"
        second.env.cr.rollback()
