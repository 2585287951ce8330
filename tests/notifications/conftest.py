"""A database with the documents that clients get: invoices, quotations, tasks, forms, beside the client portal."""

import itertools
import os

import pytest

from setup import database, odoo_env
from tests.conftest import load_registry
from tests.smtp import server as smtp_server

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def odoo_database(postgres_server, portal_template):
    """The name of a database for the tests of a file."""
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db

    name = f"escala_notifications_{os.getpid()}_{next(_numbers)}"
    with database.temporary_copy(postgres_server, portal_template, name):
        load_registry(name)
        with odoo_env.environment(name) as env:
            env["mail.mail"].search([]).unlink()  # those of Odoo's demo
            env["res.lang"]._activate_lang("en_US")  # the Spanish template of quotations cannot be rendered
            env.user.lang = "en_US"
            env.cr.commit()
        yield name
        Registry.registries.pop(name, None)
        close_db(name)


@pytest.fixture(autouse=True)
def real_sending(monkeypatch):
    """pytest-odoo notes the instance of a test's class as Odoo's running test, in which Odoo sends nothing."""
    from odoo.modules import module

    monkeypatch.setattr(module, "current_test", None)


@pytest.fixture
def post_office(env):
    """What Odoo's outgoing mail server has got; it takes no login."""
    rules = smtp_server.Rules()
    with smtp_server.running(rules, auth_required=False) as port:
        server = env["ir.mail_server"].create(
            {"name": "General", "smtp_host": smtp_server.HOST, "smtp_port": port}
        )
        env.cr.commit()
        yield rules
        env.cr.rollback()
        server.active = False
        env.cr.commit()
