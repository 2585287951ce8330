"""What tests share in which Odoo itself sends: a database for a file of tests, and its outgoing mail server."""

import contextlib

from setup import odoo_env
from tests.conftest import loaded_copy
from tests.smtp import server as smtp_server


@contextlib.contextmanager
def database_in_english(postgres_server, template: str, name: str, without=()):
    """Give a copy of a template whose superuser reads English, as the tests do, without the demo's records.

    :param without: names of the models whose records go
    """
    with loaded_copy(postgres_server, template, name):
        with odoo_env.environment(name) as env:
            for model in without:
                env[model].search([]).unlink()
            env["res.lang"]._activate_lang("en_US")
            env.user.lang = "en_US"
            env.cr.commit()
        yield name


def send_for_real(monkeypatch) -> None:
    """Have Odoo send: pytest-odoo notes the instance of a test's class as Odoo's running test, in which it does not."""
    from odoo.modules import module

    monkeypatch.setattr(module, "current_test", None)


@contextlib.contextmanager
def general_server(env):
    """Give what Odoo's outgoing mail server has got, by which all leaves that has none of its own."""
    rules = smtp_server.Rules()
    with smtp_server.running(rules, auth_required=False) as port:  # it takes no login
        server = env["ir.mail_server"].create(
            {"name": "General", "smtp_host": smtp_server.HOST, "smtp_port": port}
        )
        env.cr.commit()
        yield rules
        env.cr.rollback()
        server.active = False
        env.cr.commit()
