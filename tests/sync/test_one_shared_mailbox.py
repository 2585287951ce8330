"""Two real transactions that connect a shared mailbox of the same company at the same moment: one is left."""

import contextlib

import pytest
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError

from setup import odoo_env


@pytest.fixture
def transactions(odoo_database):
    """Two open transactions, each with the snapshot of the database that it began with."""
    with contextlib.ExitStack() as stack:
        both = [stack.enter_context(odoo_env.environment(odoo_database)) for _ in range(2)]
        both[0]["escala.mailbox"].search([("kind", "=", "shared")]).active = False
        both[0].cr.commit()
        for env in both:
            env.cr.execute("SELECT count(*) FROM escala_mailbox")
        yield both
        for env in both:
            env.cr.rollback()


def allow_several(env, several: bool) -> None:
    env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", str(several))
    env.cr.commit()
    env.cr.execute("SELECT count(*) FROM escala_mailbox")


def make_shared(env, address: str):
    return env["escala.mailbox"].create(
        {"email": address, "kind": "shared", "imap_host": "imap.nordica.example"}
    )


def test_of_two_made_at_once_one_is_left(transactions):
    first, second = transactions
    make_shared(first, "ventas@nordica.example")
    first.cr.commit()
    with pytest.raises(SerializationFailure):
        make_shared(second, "info@nordica.example")
    second.cr.rollback()
    second.transaction.clear()
    with pytest.raises(UserError, match="has a shared mailbox already"):
        make_shared(second, "info@nordica.example")


def test_of_one_made_and_one_unarchived_at_once_one_is_left(transactions):
    first, second = transactions
    archived = (
        second["escala.mailbox"]
        .with_context(active_test=False)
        .search([("kind", "=", "shared"), ("active", "=", False)], limit=1)
    )
    assert archived
    make_shared(first, "ventas@nordica.example")
    first.cr.commit()
    with pytest.raises(SerializationFailure):
        archived.active = True


def test_several_do_not_disturb_each_other(transactions):
    first, second = transactions
    for env in transactions:
        env.cr.rollback()
    allow_several(first, True)
    second.cr.execute("SELECT count(*) FROM escala_mailbox")
    second.invalidate_all()
    second.registry.clear_cache()
    try:
        make_shared(first, "ventas@nordica.example")
        make_shared(second, "info@nordica.example")
    finally:
        first.cr.rollback()
        second.cr.rollback()
        allow_several(first, False)
