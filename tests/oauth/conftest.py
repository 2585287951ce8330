"""An Odoo, a provider to sign in with, and a Dovecot that takes the provider's access tokens; one of each."""

import itertools
import os
import shutil

import pytest

from odoo import Command

from setup import dovecot as dovecot_setup
from setup import oauth_server, odoo, odoo_env, paths, unprivileged, web_server
from tests.conftest import loaded_copy
from tests.oauth.visitor import Visitor

GROUP_USER = "escala_mail_sync.group_mailbox_user"
GROUPS = ("base.group_user", "base.group_allow_export")
GROUP_MANAGER = "escala_mail_sync.group_mailbox_manager"
_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def provider_server():
    with oauth_server.running() as server:
        yield server


@pytest.fixture
def provider(provider_server):
    """The provider as it is on a good day, without requests yet."""
    provider_server.token_requests.clear()
    yield provider_server
    provider_server.is_down = False
    provider_server.withheld = set()


@pytest.fixture(scope="package")
def dovecot(provider_server):
    keys = unprivileged.own(paths.DOVECOT / f"oauth-keys-{os.getpid()}")
    try:
        settings = provider_server.dovecot_settings(keys)
        with dovecot_setup.running(paths.DOVECOT / f"oauth-{os.getpid()}", settings) as server:
            yield server
    finally:
        shutil.rmtree(keys)


@pytest.fixture(scope="package")
def odoo_database(postgres_server):
    name = f"escala_oauth_{os.getpid()}"
    with loaded_copy(postgres_server, os.environ["ESCALA_TEMPLATE"], name):
        yield name


@pytest.fixture(scope="package")
def web(postgres_server, odoo_database, provider_server, dovecot):
    """The address of an Odoo that is registered with the provider; it has no cron."""
    config = odoo.configure(postgres_server, odoo_database)
    try:
        with web_server.running(config, odoo_database, paths.LOGS / f"{odoo_database}.log") as server:
            with odoo_env.environment(odoo_database) as env:
                env["ir.config_parameter"].set_param("web.base.url", server.url)
                env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
                provider_server.configure(env, dovecot.host, dovecot.port)
                env.cr.commit()
            yield server.url
    finally:
        config.unlink()


@pytest.fixture
def make_user(env):
    def make(group=GROUP_USER):
        login = f"user{next(_numbers)}@nordica.example"
        user = env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "email": login,
                "lang": "en_US",
                "group_ids": [Command.link(env.ref(name).id) for name in (group, *GROUPS)],
            }
        )
        env.cr.commit()
        return user

    return make


@pytest.fixture
def owner(make_user):
    return make_user()


@pytest.fixture
def mailbox(env, web, owner, provider, dovecot):
    """A personal mailbox that is to be signed in for with Google; its account is there, as is another one."""
    return make_mailbox(env, owner, provider, dovecot)


@pytest.fixture
def visitor(web, owner):
    """The owner's browser, logged in to Odoo."""
    return Visitor(web, owner.login)


@pytest.fixture
def connected(mailbox, visitor, provider):
    """The same mailbox, signed in for and connected."""
    visitor.sign_in(mailbox, mailbox.email)
    refresh(mailbox)
    assert mailbox.state == "connected", mailbox.last_error
    provider.token_requests.clear()
    return mailbox


def make_mailbox(env, owner, provider, dovecot, method="google", **values):
    dovecot.create_user(owner.login)
    provider.accounts[:] = [owner.login, "somebody-else@nordica.example"]
    mailbox = env["escala.mailbox"].create(
        {"email": owner.login, "user_id": owner.id, "auth_method": method, **values}
    )
    env.cr.commit()
    return mailbox


def refresh(records) -> None:
    """See what others have committed."""
    records.env.cr.rollback()
    records.env.invalidate_all()
