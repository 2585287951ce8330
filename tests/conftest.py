"""Real servers and real databases for the tests that cross process boundaries.

The tests inside the add-ons run in a transaction that is rolled back; these here commit, on a copy of the
template database that `make test` names in the environment.
"""

import contextlib
import itertools
import os

import pytest
from hypothesis import HealthCheck, settings

from setup import database, odoo_env, paths, postgres
from setup import dovecot as dovecot_setup
from setup.demo_mail import Row

# Machines that run other tests beside are slow at times, which says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
_numbers = itertools.count(1)
# The glue of the client portal, all in one template.
PORTAL_ADDONS = [f"escala_client_portal_{name}" for name in ("sale", "account", "project", "survey")]


@pytest.fixture(scope="session")
def postgres_server():
    return postgres.given()


@pytest.fixture(scope="session")
def portal_template(postgres_server):
    """A template with the documents that clients get: quotations, invoices, tasks, forms."""
    return database.beside_template(postgres_server, os.environ["ESCALA_TEMPLATE"], *PORTAL_ADDONS)


@pytest.fixture(scope="session")
def dovecot():
    """One Dovecot for all tests; each test uses mailboxes of its own."""
    with dovecot_setup.running(paths.DOVECOT / f"test-{os.getpid()}") as server:
        yield server


@pytest.fixture
def login():
    """An address that no other test uses."""
    return f"test{next(_numbers)}@nordica.example"


@pytest.fixture
def odoo_database(postgres_server):
    """The name of a database with the suite and its demo data, made for this test and dropped after it."""
    name = f"escala_test_{os.getpid()}_{next(_numbers)}"
    with loaded_copy(postgres_server, os.environ["ESCALA_TEMPLATE"], name):
        yield name


@pytest.fixture
def env(odoo_database):
    """A superuser's environment on that database, with a real cursor: what is to be kept is committed."""
    with odoo_env.environment(odoo_database) as environment:
        yield environment
        environment.cr.rollback()


@pytest.fixture
def mailbox(env, dovecot, login):
    """A connected personal mailbox of the demo user Laura, empty yet."""
    return make_mailbox(env, dovecot, login)


@contextlib.contextmanager
def loaded_copy(postgres_server, template: str, name: str):
    """Give the name of a copy of a template that is loaded in this process; it is dropped after the block."""
    with database.temporary_copy(postgres_server, template, name):
        load_registry(name)
        try:
            yield name
        finally:
            close_registry(name)


def load_registry(name: str) -> None:
    """Load what is installed in a database.

    pytest-odoo leaves Odoo in its testing mode, in which each add-on that is loaded would run its own tests.
    """
    from odoo.modules.registry import Registry
    from odoo.tools import config

    testing, config["test_enable"] = config["test_enable"], False
    try:
        Registry(name)
    finally:
        config["test_enable"] = testing


def close_registry(name: str) -> None:
    """Forget what is installed in a database, and leave no connection to it."""
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db

    Registry.registries.pop(name, None)
    close_db(name)


def make_mailbox(env, dovecot, login, **values):
    """Connect a mailbox of Dovecot in Odoo and commit."""
    dovecot.create_user(login)
    env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
    mailbox = env["escala.mailbox"].create(
        {
            "email": login,
            "kind": "personal",
            "user_id": env.ref("escala_mail_sync.user_laura").id,
            "imap_host": dovecot.host,
            "imap_port": dovecot.port,
            "imap_security": "none",
            "imap_password": dovecot.password,
            **values,
        }
    )
    mailbox.action_connect()
    env.cr.commit()
    assert mailbox.state == "connected", mailbox.last_error
    return mailbox


def total(reports) -> Row:
    """Add the reports of a run up."""
    row = Row()
    for report in reports:
        row.seen += report.seen
        row.linked += report.linked
        row.leads += report.leads
        row.ignored += report.ignored
        row.quarantined += report.quarantined
    return row
