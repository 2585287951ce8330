"""A database with the documents that clients get: invoices, quotations, tasks, forms, beside the client portal."""

import itertools
import os

import pytest

from tests.sending import database_in_english, general_server, send_for_real

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def odoo_database(postgres_server, portal_template):
    """The name of a database for the tests of a file."""
    name = f"escala_notifications_{os.getpid()}_{next(_numbers)}"
    with database_in_english(postgres_server, portal_template, name, without=["mail.mail"]):
        yield name


@pytest.fixture(autouse=True)
def real_sending(monkeypatch):
    send_for_real(monkeypatch)


@pytest.fixture
def post_office(env):
    """What Odoo's outgoing mail server has got."""
    with general_server(env) as rules:
        yield rules
