"""The key of passwords and tokens is changed by a command, while a real database and a real mail server look on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from setup import odoo
from tests.conftest import make_mailbox
from tests.sync import support
from tests.waiting import wait_until

PASSWORDS = {"a": "contraseña de Ana", "b": "b" * 500}


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


class Command:
    """The command, in processes of its own, as an administrator would call it."""

    def __init__(self, config: Path, database: str) -> None:
        self.words = [sys.executable, "-m", "odoo", "escala_rotate_key", "-d", database]
        self.environment = {**os.environ, "PYTHONWARNINGS": "ignore", "ODOO_RC": str(config)}

    def start(self, *options, **environment) -> subprocess.Popen:
        return subprocess.Popen(
            [*self.words, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**self.environment, **environment},
        )

    def __call__(self, *options, status=0, **environment) -> str:
        """Wait for its end and return what it says."""
        with self.start(*options, **environment) as process:
            said = process.stdout.read()
        assert process.returncode == status, said
        for text in PASSWORDS.values():
            assert text not in said
        return said


@pytest.fixture
def command(odoo_database, postgres_server, data_dir):
    config = odoo.configure(postgres_server, f"rotation_{os.getpid()}", data_dir=str(data_dir))
    yield Command(config, odoo_database)
    config.unlink()


@pytest.fixture
def mailboxes(env, data_dir, monkeypatch):
    """Two mailboxes, whose passwords this process encrypts with the key file that the command uses."""
    from odoo.tools import config

    monkeypatch.setitem(config.options, "data_dir", str(data_dir))
    env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
    mailboxes = env["escala.mailbox"].create(
        [
            {
                "email": f"rotation-{name}-{os.getpid()}@nordica.example",
                "kind": "shared",
                "imap_host": "imap.nordica.example",
                "imap_password": password,
            }
            for name, password in PASSWORDS.items()
        ]
    )
    env.cr.commit()
    yield mailboxes
    env.cr.rollback()
    mailboxes.unlink()
    env.cr.commit()


def tokens(mailboxes) -> list[str]:
    mailboxes.env.cr.rollback()
    mailboxes.invalidate_recordset()
    return mailboxes.mapped("imap_password_encrypted")


def passwords(mailboxes) -> list[str]:
    from odoo.addons.escala_mail_sync import secret

    return [secret.decrypt(token) for token in tokens(mailboxes)]


def test_a_new_key_encrypts_everything_and_the_old_one_is_dropped(mailboxes, command, data_dir):
    before, old = tokens(mailboxes), (data_dir / "escala" / "secret.key").read_bytes()
    assert "2 encrypted anew, 0 were so already, 0 cannot be read" in command("--new-key")
    assert not set(before) & set(tokens(mailboxes))
    assert passwords(mailboxes) == list(PASSWORDS.values())
    new, kept = (data_dir / "escala" / "secret.key").read_bytes().split()
    assert kept == old
    assert Fernet(new).decrypt(tokens(mailboxes)[0].encode()).decode() == PASSWORDS["a"]
    command("--drop-old-keys")
    assert (data_dir / "escala" / "secret.key").read_bytes() == new
    assert passwords(mailboxes) == list(PASSWORDS.values())


def test_doing_it_again_changes_nothing(mailboxes, command):
    command("--new-key")
    before = tokens(mailboxes)
    assert "0 encrypted anew, 2 were so already" in command()
    assert tokens(mailboxes) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it for somebody else")
def test_the_file_stays_odoos_when_root_changes_it(mailboxes, command, data_dir):
    os.chown(data_dir / "escala" / "secret.key", 12345, 12345)
    command("--new-key", "--drop-old-keys")
    assert (data_dir / "escala" / "secret.key").stat().st_uid == 12345


def test_files_are_for_their_owner_only(mailboxes, command, data_dir):
    command("--new-key")
    assert (data_dir / "escala").stat().st_mode & 0o777 == 0o700
    assert (data_dir / "escala" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (data_dir / "escala").iterdir()] == ["secret.key"]


def test_keys_of_the_environment_are_a_list(mailboxes, command, data_dir):
    old, new = (data_dir / "escala" / "secret.key").read_text(), Fernet.generate_key().decode()
    keys = {"ESCALA_SECRET_KEY": f"{new}, {old}"}
    assert "2 encrypted anew" in command(**keys)
    assert Fernet(new).decrypt(tokens(mailboxes)[1].encode()).decode() == PASSWORDS["b"]
    assert "change it there" in command("--new-key", status=2, **keys)


def test_every_column_named_so_is_found_also_of_other_models(mailboxes, command, env):
    from odoo.addons.escala_mail_sync import key_rotation, secret

    env.cr.execute("ALTER TABLE escala_mailbox_folder ADD COLUMN refresh_token_encrypted varchar")
    env.cr.execute(
        "INSERT INTO escala_mailbox_folder (mailbox_id, path, role, active, refresh_token_encrypted) "
        "VALUES (%s, 'INBOX', 'inbox', true, %s) RETURNING id",
        [mailboxes[0].id, secret.encrypt("refresh")],
    )
    [folder_id] = env.cr.fetchone()
    env.cr.commit()
    try:
        assert ("escala_mailbox", "imap_password_encrypted") in key_rotation.find_encrypted_columns(env.cr)
        assert "3 encrypted anew" in command("--new-key")
        env.cr.rollback()
        env.cr.execute("SELECT refresh_token_encrypted FROM escala_mailbox_folder WHERE id = %s", [folder_id])
        assert secret.decrypt(env.cr.fetchone()[0]) == "refresh"
    finally:
        env.cr.rollback()
        env.cr.execute("ALTER TABLE escala_mailbox_folder DROP COLUMN refresh_token_encrypted")
        env.cr.commit()


def test_what_no_key_reads_is_left_alone_and_told(mailboxes, command, data_dir):
    lost = Fernet(Fernet.generate_key()).encrypt(b"lost").decode()
    mailboxes[1].imap_password_encrypted = lost
    mailboxes.env.cr.commit()
    said = command("--new-key", "--drop-old-keys", status=1)
    assert "1 encrypted anew, 0 were so already, 1 cannot be read" in said
    assert tokens(mailboxes)[1] == lost
    assert len((data_dir / "escala" / "secret.key").read_bytes().split()) == 2


def test_in_batches(mailboxes, env, monkeypatch):
    from odoo.addons.escala_mail_sync import key_rotation, secret

    monkeypatch.setattr(key_rotation, "BATCH_SIZE", 1)
    secret.add_key()
    env.cr.rollback()
    assert key_rotation.rotate_database(env.cr).rotated == 2
    assert passwords(mailboxes) == list(PASSWORDS.values())


def test_when_it_is_killed_nothing_has_changed(mailboxes, odoo_database, command, env):
    """It waits for a row that somebody holds, and is killed there."""
    from odoo.sql_db import db_connect

    before = tokens(mailboxes)
    env.cr.rollback()
    with db_connect(odoo_database).cursor() as holder:
        holder.execute("SELECT id FROM escala_mailbox WHERE id = %s FOR UPDATE", [mailboxes[1].id])
        with command.start("--new-key") as process:
            wait_until(lambda: is_waiting(env))
            process.kill()
    assert tokens(mailboxes) == before
    assert passwords(mailboxes) == list(PASSWORDS.values())
    assert "2 encrypted anew" in command()


def is_waiting(env) -> bool:
    env.cr.rollback()
    env.cr.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%NO KEY UPDATE%%' "
        "AND datname = current_database()"
    )
    return bool(env.cr.fetchone()[0])


def test_a_mailbox_is_read_on_with_the_new_key(env, dovecot, login, command, data_dir, monkeypatch):
    from odoo.tools import config

    monkeypatch.setitem(config.options, "data_dir", str(data_dir))
    mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
    command("--new-key", "--drop-old-keys")
    support.deliver(dovecot, login, support.letters(1, "rotated"))
    env.cr.rollback()
    support.sync(mailbox)
    assert support.subjects(mailbox) == ["rotated 1"]


def test_a_dump_holds_neither_the_password_nor_the_key(mailboxes, odoo_database, data_dir, postgres_server):
    dump = subprocess.run(
        ["pg_dump", "--dbname", odoo_database],
        capture_output=True,
        check=True,
        env={**os.environ, **postgres_server.environment()},
    ).stdout
    assert b"rotation-a-" in dump
    assert re.search(rb"gAAAA[\w=-]+", dump)
    for text in PASSWORDS.values():
        assert text.encode() not in dump
    assert (data_dir / "escala" / "secret.key").read_bytes().strip() not in dump
