"""One database for all tests of a file: copying one and loading its registry takes seconds."""

import itertools
import os

import pytest

from setup import dovecot as dovecot_setup
from setup import odoo_env, paths
from setup.dovecot import PASSWORD
from tests.conftest import loaded_copy, make_mailbox
from tests.smtp import server as smtp_server
from tests.sync import processes

# Servers without these are met every day.
OFTEN_MISSING = ("ENABLE", "CONDSTORE", "QRESYNC", "UIDPLUS", "MOVE", "SPECIAL-USE")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def plain_dovecot():
    """A server that offers hardly more than RFC 3501."""
    folder = paths.DOVECOT / f"without-extensions-{os.getpid()}"
    with dovecot_setup.running(folder, hidden=OFTEN_MISSING) as server:
        yield server


@pytest.fixture(scope="module")
def odoo_database(postgres_server):
    """The name of a database with the suite and its demo data; each test has mailboxes of its own in it."""
    name = f"escala_sync_{os.getpid()}_{next(_numbers)}"
    with loaded_copy(postgres_server, os.environ["ESCALA_TEMPLATE"], name):
        yield name


@pytest.fixture(scope="module")
def module_env(odoo_database):
    """An environment for what is prepared once for all tests of a file."""
    with odoo_env.environment(odoo_database) as environment:
        yield environment


@pytest.fixture
def mailbox(env, dovecot, login):
    """A connected shared mailbox without members, empty yet."""
    return make_mailbox(env, dovecot, login, kind="shared", user_id=False)


@pytest.fixture(scope="module")
def sync_processes(odoo_database, request):
    """Synchronise in other processes, in batches of 20."""
    with processes.running(
        odoo_database, request.config.getoption("--odoo-config"), batch_size=20
    ) as running:
        yield running


@pytest.fixture
def small_batches(monkeypatch):
    from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

    monkeypatch.setattr(escala_mailbox_sync, "BATCH_SIZE", 10)


@pytest.fixture
def office():
    """What the SMTP server of `sender` refuses, and what it has got."""
    return smtp_server.Rules(password=PASSWORD)


@pytest.fixture
def sender(env, dovecot, login, office):
    """Laura's connected mailbox, with an SMTP server that takes everything."""
    laura = env.ref("escala_mail_sync.user_laura")
    env["escala.mailbox"].search([("user_id", "=", laura.id)]).active = False
    earlier = env["escala.email.outgoing"].search([])
    earlier.write({"state": "draft", "copy_state": False})
    earlier.unlink()
    env.flush_all()
    with smtp_server.running(office) as port:
        yield make_mailbox(env, dovecot, login, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")


@pytest.fixture
def ana(env, login):
    """A contact."""
    return env["res.partner"].create({"name": "Ana Llamazares", "email": f"ana.{login}"})
