"""A change of many accounts with real commits: killed, cancelled and run twice at once, each account is done once."""

import contextlib
from concurrent import futures

import psycopg2
import pytest

from odoo.tools import mute_logger

from setup import odoo_env

ACCOUNTS = 120  # three batches


@pytest.fixture
def rows(env):
    """The rows of many accounts with a contact each, who may not log in yet."""
    partners = env["res.partner"].create(
        [
            values
            for number in range(ACCOUNTS)
            for values in (
                {"name": f"Account {number}", "is_company": True},
                {"name": f"Person {number}", "email": f"person{number}@clientes.example"},
            )
        ]
    )
    rows = env["escala.account.contact"].create(
        [
            {"account_id": account.id, "contact_id": contact.id}
            for account, contact in zip(partners[::2], partners[1::2], strict=True)
        ]
    )
    env.cr.commit()
    return rows


@pytest.fixture
def change(env, rows):
    changes = env["escala.account.change"].with_user(env.ref("escala_mail_sync.user_laura"))
    change = changes._start(rows.account_id, {"login": "on"}).sudo()
    env.cr.commit()
    return change


@contextlib.contextmanager
def in_the_middle(env, act, call=2):
    """Do something, once, while the batch of this number is worked on: when it sends its invitations."""
    logins = type(env["escala.portal.login"])
    send, calls = logins._send_invitation, []

    def send_and_act(self, message=None):
        calls.append(len(self))
        send(self, message=message)
        self.env.flush_all()
        if len(calls) == call:
            act(self.env)

    logins._send_invitation = send_and_act
    try:
        yield calls
    finally:
        logins._send_invitation = send


def run(database):
    with odoo_env.environment(database) as env:
        env["escala.account.change"]._cron_run()


def assert_done_once(env, change, rows):
    env.cr.rollback()
    assert all(rows.mapped("login"))
    assert (change.state, change.done_count, change.changed_count) == ("done", ACCOUNTS, ACCOUNTS)
    assert (change.invited_count, change.unchanged_count, change.error_count) == (ACCOUNTS, 0, 0)
    messages = env["mail.message"].search([("model", "=", change._name), ("res_id", "=", change.id)])
    assert len(messages) == 1


def test_a_run_that_is_killed_goes_on_where_it_was(env, odoo_database, rows, change):
    def kill(victim):
        env.cr.execute("SELECT pg_terminate_backend(%s)", [victim.cr._cnx.info.backend_pid])

    with (
        in_the_middle(env, kill),
        mute_logger("odoo.sql_db"),
        pytest.raises((psycopg2.OperationalError, psycopg2.InterfaceError)),
    ):
        run(odoo_database)
    env.cr.rollback()
    assert change.done_count == 50
    assert sum(rows.mapped("login")) == 50
    run(odoo_database)
    assert_done_once(env, change, rows)


def test_who_cancels_stops_the_batch_that_is_worked_on(env, odoo_database, rows, change):
    def cancel(_victim):
        change.with_user(change.user_id).action_cancel()
        env.cr.commit()

    with in_the_middle(env, cancel):
        run(odoo_database)
    env.cr.rollback()
    assert (change.state, change.done_count, change.changed_count) == ("cancelled", 50, 50)
    assert sum(rows.mapped("login")) == 50


def test_two_at_once_do_each_account_once(env, odoo_database, rows, change):
    with futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [odoo_database] * 2))
    assert_done_once(env, change, rows)
