"""Nobody reads the password of a mailbox, whichever way they ask."""

import stat
from contextlib import suppress
from pathlib import Path

import pytest

from odoo.exceptions import AccessError, UserError


class TestPassword:
    @pytest.mark.parametrize("kind", ["private", "shared"])
    @pytest.mark.parametrize("name", ["laura", "marcos", "nadia", "admin"])
    def test_nobody_reads_it(self, env, dovecot, world, name, kind, as_user):
        mailbox = world.private_mailbox if kind == "private" else world.shared_mailbox
        mine = as_user(getattr(world, name), mailbox)
        model = mine.browse()
        token = mailbox.sudo().imap_password_encrypted
        beginning = ("imap_password_encrypted", "like", token[:20])
        for attempt in (
            lambda: mine.read(["imap_password_encrypted"]),
            lambda: mine.imap_password_encrypted,
            lambda: mine.export_data(["imap_password_encrypted"]),
            lambda: model.search([beginning]),
            lambda: model.search([(f"folder_ids.mailbox_id.{beginning[0]}", *beginning[1:])]),
            lambda: model.search([], order="imap_password_encrypted"),
            lambda: model._read_group([], ["imap_password_encrypted"]),
            lambda: model.web_search_read([], {"imap_password_encrypted": {}}),
            lambda: mine.write({"imap_password_encrypted": token}),
        ):
            env.invalidate_all()
            with pytest.raises((AccessError, UserError)), env.cr.savepoint():
                attempt()
        assert "imap_password_encrypted" not in model.fields_get()
        with suppress(AccessError):
            values = mine.read()[0]
            assert not values["imap_password"]
            assert dovecot.password not in str(values)
            assert token not in str(values)

    def test_it_is_not_searched_by(self, env, dovecot, world):
        mailboxes = env(user=world.laura.id)["escala.mailbox"]
        with suppress(ValueError, UserError):
            assert not mailboxes.search([("imap_password", "=", dovecot.password)])

    def test_a_copy_of_the_mailbox_has_none(self, world):
        values = world.shared_mailbox.copy_data()[0]
        assert not {"imap_password", "imap_password_encrypted"} & set(values)

    def test_it_is_encrypted_at_rest(self, env, dovecot, world):
        env.cr.execute("SELECT mailbox::text FROM escala_mailbox mailbox")
        rows = [row for (row,) in env.cr.fetchall()]
        assert rows
        assert not [row for row in rows if dovecot.password in row]

    def test_same_password_looks_different_in_every_mailbox(self, world):
        tokens = {
            mailbox.sudo().imap_password_encrypted for mailbox in world.private_mailbox + world.shared_mailbox
        }
        assert len(tokens) == 2

    def test_key_file_is_its_owners_only(self, world):
        from odoo.tools import config

        path = Path(config["data_dir"]) / "escala" / "secret.key"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
