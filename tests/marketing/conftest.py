"""A database in which Odoo's Email Marketing is installed beside the suite, and a marketing account in it."""

import itertools
import os

import pytest

from setup import database
from tests.marketing.mailings import make_contacts
from tests.sending import database_in_english, general_server, send_for_real
from tests.smtp import server as smtp_server

ADDON = "escala_mail_sync_mass_mailing"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def marketing_template(postgres_server):
    return database.beside_template(postgres_server, os.environ["ESCALA_TEMPLATE"], ADDON)


@pytest.fixture(scope="module")
def odoo_database(postgres_server, marketing_template):
    """The name of a database for the tests of a file; each test has an account of its own in it."""
    name = f"escala_marketing_{os.getpid()}_{next(_numbers)}"
    without = ["mailing.mailing", "mail.mail"]
    with database_in_english(postgres_server, marketing_template, name, without):
        yield name


@pytest.fixture(autouse=True)
def real_sending(monkeypatch):
    send_for_real(monkeypatch)


@pytest.fixture
def post_office():
    """What the SMTP server of `account` refuses, and what it has got."""
    return smtp_server.Rules()


@pytest.fixture
def smtp_port(post_office):
    with smtp_server.running(post_office) as port:
        yield port


@pytest.fixture
def account(env, login, smtp_port):
    """A connected marketing account."""
    account = make_account(env, f"news.{login}", smtp_port)
    yield account
    env.cr.rollback()
    account.active = False
    env.cr.commit()


def make_account(env, email, port, **values):
    """Connect a marketing account of the test's SMTP server, and commit."""
    account = env["escala.mailbox"].create(
        {
            "kind": "marketing",
            "name": "Boletín Nórdica",
            "email": email,
            "smtp_host": smtp_server.HOST,
            "smtp_port": port,
            "smtp_security": "none",
            "smtp_password": smtp_server.PASSWORD,
            **values,
        }
    )
    account.action_connect()
    env.cr.commit()
    return account


@pytest.fixture
def contacts(env, login):
    return make_contacts(env, login)


@pytest.fixture
def marketer(env, login):
    """Somebody who writes mailings, and has no other rights."""
    groups = env.ref("base.group_user") + env.ref("mass_mailing.group_mass_mailing_user")
    values = {"name": "Marta", "login": f"marta.{login}", "email": f"marta.{login}", "lang": "en_US"}
    return env["res.users"].create({**values, "group_ids": [(6, 0, groups.ids)]})


@pytest.fixture
def general(env):
    """What Odoo's own outgoing mail server has got, by which all else leaves; it takes no login."""
    with general_server(env) as rules:
        yield rules
