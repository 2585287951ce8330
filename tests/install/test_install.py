"""Each add-on installs alone from the Apps menu or by pip, and leaves a sound Odoo when it goes."""

import os
import subprocess
import sys
import zipfile

import pytest

from setup import database, odoo, paths

FIRST, *_, LAST = paths.ADDONS
COUNT_LEFTOVERS = """
env.cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'escala%%'")
print("TABLES", env.cr.fetchall())
env.cr.execute("SELECT count(*) FROM mail_message WHERE model LIKE 'escala.%%'")
print("MESSAGES", env.cr.fetchone()[0])
env.cr.execute("SELECT count(*) FROM ir_attachment WHERE res_model LIKE 'escala.%%'")
print("ATTACHMENTS", env.cr.fetchone()[0])
planned = env["mail.activity"].search([("res_model", "=", "res.partner"), ("summary", "=", "Planned by hand")])
print("PLANNED", planned.activity_type_id.get_external_id().values())
print("PARAMETERS", env["ir.config_parameter"].search([("key", "=like", "escala_mail_sync.%")]).mapped("key"))
# users of the demo data stay when they have used the database
left = [("module", "=like", "escala%"), ("model", "not in", ("res.users", "res.partner"))]
print("DATA", env["ir.model.data"].search(left).mapped("complete_name"))
print("CONTACTS", env["res.partner"].search_count([("email", "=", "lucia@sauce.example")]))
print("FORM", "escala_record_emails" in env["res.partner"].get_view(view_type="form")["arch"])
"""
FIND_MAIL_SERVERS = """
servers = env["ir.mail_server"].with_context(active_test=False)
print(servers.search([("from_filter", "=", "boletin@nordica.example")]).mapped("active"))
"""
MAKE_MARKETING_ACCOUNT = f"""
values = {{"kind": "marketing", "email": "boletin@nordica.example", "smtp_host": "smtp.nordica.example"}}
env["escala.mailbox"].create(values).state = "connected"
env.cr.commit()
{FIND_MAIL_SERVERS}
"""


@pytest.fixture
def config(postgres_server):
    path = odoo.configure(postgres_server, f"install-{os.getpid()}", limit_memory_hard="0")
    yield path
    path.unlink()


@pytest.mark.parametrize("addon", [addon for addon in paths.ADDONS if addon != LAST])
def test_installs_without_those_above_it(postgres_server, config, addon):
    """The last one is installed in every other test, on top of all of them."""
    stock = database.stock_template(postgres_server)
    with database.temporary_copy(postgres_server, stock, f"escala_alone_{os.getpid()}") as name:
        odoo.install(config, name, [addon])
        assert shell(config, name, f"print(env.ref('base.module_{addon}').state)") == ["installed"]


@pytest.mark.parametrize(("addon", "beside"), paths.OPTIONAL_ADDONS.items())
def test_installs_itself_beside_odoos_own_and_works(postgres_server, config, addon, beside):
    """Its tests are run here: the database of the others does without both."""
    template = os.environ["ESCALA_TEMPLATE"]
    with database.temporary_copy(postgres_server, template, f"escala_beside_{os.getpid()}") as name:
        odoo.install(config, name, [beside])
        assert shell(config, name, f"print(env.ref('base.module_{addon}').state)") == ["installed"]
        words = [f"--odoo-database={name}", f"--odoo-config={config}", "-q", str(paths.PROJECT / addon)]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *words], check=False, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout


def test_uninstalling_leaves_a_sound_odoo(postgres_server, config, env, mailbox, dovecot, login):
    lucia = env["res.partner"].create({"name": "Lucía Sauce", "email": "lucia@sauce.example"})
    dovecot.append(login, "INBOX", b"From: lucia@sauce.example\r\nTo: x@nordica.example\r\n\r\nHola\r\n")
    assert [report.linked for report in env["escala.mailbox"]._cron_sync()] == [1, 0]
    assert env["mail.activity"].search([("escala_email_id", "!=", False)])
    lucia.activity_schedule("escala_mail_sync.mail_activity_type_answer", summary="Planned by hand")
    env.cr.commit()
    name = env.cr.dbname
    env.cr.close()
    uninstall = f"env.ref('base.module_{FIRST}').button_immediate_uninstall()"
    shell(config, name, uninstall)
    assert shell(config, name, COUNT_LEFTOVERS) == [
        "TABLES []",
        "MESSAGES 0",
        "ATTACHMENTS 0",
        "PLANNED dict_values(['mail.mail_activity_data_todo'])",
        "PARAMETERS []",
        "DATA []",
        "CONTACTS 1",
        "FORM False",
    ]


@pytest.mark.parametrize("addon", ["escala_mail_sync_mass_mailing", "escala_mail_sync"])
def test_uninstalling_leaves_no_mail_server_of_marketing_accounts(postgres_server, config, addon):
    """Without the suite it would be one like others, for all of Odoo's mail."""
    suite = os.environ["ESCALA_TEMPLATE"]
    template = database.beside_template(postgres_server, suite, "escala_mail_sync_mass_mailing")
    with database.temporary_copy(postgres_server, template, f"escala_beside_{os.getpid()}") as name:
        assert shell(config, name, MAKE_MARKETING_ACCOUNT) == ["[True]"]
        shell(config, name, f"env.ref('base.module_{addon}').button_immediate_uninstall()")
        assert shell(config, name, FIND_MAIL_SERVERS) == ["[False]"]


@pytest.mark.parametrize("addon", [*paths.ADDONS, *paths.OPTIONAL_ADDONS])
def test_pip_builds_a_wheel(addon, tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", f"--wheel-dir={tmp_path}", f"./{addon}"]
    subprocess.run(build, check=True, cwd=paths.PROJECT, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert f"odoo/addons/{addon}/__manifest__.py" in archive.namelist()


def shell(config, name, code):
    """Run a script in Odoo's shell and return the lines it prints."""
    command = [
        sys.executable,
        "-m",
        "odoo",
        "shell",
        "--config",
        str(config),
        "-d",
        name,
        "--log-level=error",
    ]
    return subprocess.run(
        [*command, "--no-http"], input=code, capture_output=True, text=True, check=True
    ).stdout.splitlines()
