"""A web server in which Odoo's Sales, Invoicing and Project are installed beside the suite, and four accounts."""

import os

import pytest

from setup import odoo, odoo_env, paths, web_server
from tests.conftest import loaded_copy
from tests.portal import accounts, visitor


@pytest.fixture(scope="module")
def odoo_database(postgres_server, portal_template):
    name = f"escala_portal_{os.getpid()}"
    with loaded_copy(postgres_server, portal_template, name):
        yield name


@pytest.fixture(scope="module")
def documents(odoo_database):
    """What there is on each account: accounts.Documents by the account's name."""
    with odoo_env.environment(odoo_database) as env:
        made = accounts.make(env)
        env.cr.commit()
    return made


@pytest.fixture(scope="module")
def web(postgres_server, odoo_database, documents):
    """The address of an Odoo with these documents."""
    config = odoo.configure(postgres_server, odoo_database)
    try:
        log = paths.LOGS / f"{odoo_database}.log"
        with web_server.running(config, odoo_database, log, "--max-cron-threads=0") as server:
            yield server.url
    finally:
        config.unlink()


@pytest.fixture(scope="module")
def client(web, documents):
    """A client of ACTIVE and OTHER who was on REVOKED, and is in ACTIVE."""
    visitor_ = visitor.Visitor(web)
    assert visitor_.log_in(accounts.CLIENT)
    visitor_.enter(documents[accounts.ACTIVE].account)
    return visitor_


@pytest.fixture(scope="module")
def pending(web):
    """Somebody invited to ACTIVE who has not chosen a password yet, and tries to log in all the same."""
    visitor_ = visitor.Visitor(web)
    assert not visitor_.log_in(accounts.PENDING)
    return visitor_


@pytest.fixture(scope="module")
def deactivated(web, odoo_database, documents):
    """Somebody who was in ACTIVE, and has lost the only account while logged in."""
    visitor_ = visitor.Visitor(web)
    assert visitor_.log_in(accounts.LEAVER)
    with odoo_env.environment(odoo_database) as env:
        env["escala.account.contact"].search([("email", "=", accounts.LEAVER)]).login = False
        env.cr.commit()
        env.registry.signal_changes()
    return visitor_


@pytest.fixture(scope="module")
def public(web):
    return visitor.Visitor(web)
