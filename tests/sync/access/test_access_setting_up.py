"""Who may set mailboxes up."""

import pytest

from odoo import Command
from odoo.exceptions import AccessError, ValidationError


class TestSettingUp:
    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_nobody_changes_the_mailbox_of_another(self, env, world, as_user, name):
        mailbox = as_user(getattr(world, name), world.private_mailbox)
        folder = as_user(getattr(world, name), world.private_mailbox.folder_ids[0])
        for attempt in (
            lambda: mailbox.write({"imap_host": "imap.elsewhere.example"}),
            lambda: mailbox.write({"imap_password": "new"}),
            lambda: mailbox.write({"user_id": mailbox.env.uid}),
            lambda: mailbox.write({"kind": "shared"}),
            lambda: mailbox.write({"visibility": "shared"}),
            mailbox.action_connect,
            mailbox.action_test_connection,
            lambda: folder.write({"selected": False}),
            lambda: folder.create({"mailbox_id": mailbox.id, "path": "X"}),
            folder.unlink,
        ):
            env.invalidate_all()
            with pytest.raises(AccessError), env.cr.savepoint():
                attempt()

    @pytest.mark.parametrize("name", ["marcos", "nadia"])
    def test_others_neither_see_nor_check_it_nor_disconnect_it(self, env, world, as_user, name):
        mailbox = as_user(getattr(world, name), world.private_mailbox)
        for attempt in (
            lambda: mailbox.read(["email"]),
            mailbox.action_sync_now,
            mailbox.action_disconnect,
            mailbox.unlink,
        ):
            env.invalidate_all()
            with pytest.raises(AccessError), env.cr.savepoint():
                attempt()

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_others_do_not_see_its_folders(self, world, as_user, name):
        folder = as_user(getattr(world, name), world.private_mailbox.folder_ids[0])
        with pytest.raises(AccessError):
            folder.read(["path"])
        if name != "nadia":  # who may not even search
            assert not folder.search([("mailbox_id", "=", world.private_mailbox.id)])

    def test_administrators_see_how_far_it_has_been_read(self, env, world, as_user):
        private = env["escala.mailbox"].browse(world.private_mailbox.id)
        private.folder_ids[0].write({"selected": True, "high_uid": 100, "history_uid": 21})
        assert as_user(world.admin, private).progress == private.progress
        assert 0 < private.progress < 100

    def test_synchronising_is_not_for_rpc(self, world, as_user):
        """Methods with a leading underscore can't be called from outside."""
        from odoo.service.model import get_public_method

        for method in ("_sync", "_cron_sync", "_session", "_claim_due"):
            with pytest.raises(AccessError):
                get_public_method(as_user(world.marcos, world.private_mailbox), method)

    def test_member_of_a_shared_mailbox_does_not_change_it(self, env, world, as_user):
        mailbox = as_user(world.marcos, world.shared_mailbox)
        assert mailbox.read(["email"])
        for attempt in (
            lambda: mailbox.write({"imap_host": "imap.elsewhere.example"}),
            lambda: mailbox.write({"member_ids": [Command.link(world.nadia.id)]}),
            mailbox.action_connect,
            mailbox.action_disconnect,
            mailbox.unlink,
        ):
            env.invalidate_all()
            with pytest.raises(AccessError), env.cr.savepoint():
                attempt()

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_nobody_makes_a_personal_mailbox_in_the_name_of_another(self, env, world, name):
        another = env["res.users"].create({"name": "Another", "login": f"another-{name}"})
        with pytest.raises((AccessError, ValidationError)):
            env(user=getattr(world, name).id)["escala.mailbox"].create(self.values(user_id=another.id))

    def test_salesperson_makes_a_mailbox_of_their_own_and_no_shared_one(self, env, world):
        mailboxes = env(user=world.marcos.id)["escala.mailbox"]
        with pytest.raises(AccessError):
            mailboxes.create(self.values(kind="shared"))
        assert mailboxes.create(self.values()).user_id == world.marcos

    @pytest.mark.parametrize("change", ["owner", "kind"])
    def test_nobody_makes_a_mailbox_of_their_own_into_what_they_may_not_create(self, env, world, change):
        mine = env(user=world.marcos.id)["escala.mailbox"].create(self.values())
        with pytest.raises(AccessError):
            mine.write({"user_id": world.nadia.id} if change == "owner" else {"kind": "shared"})

    def test_nobody_moves_a_folder_with_its_mail_into_the_mailbox_of_another(self, env, world):
        mine = env(user=world.marcos.id)["escala.mailbox"].create(self.values())
        folder = mine.env["escala.mailbox.folder"].sudo().create({"mailbox_id": mine.id, "path": "Planted"})
        folder = folder.sudo(False)
        with pytest.raises(AccessError):
            folder.mailbox_id = world.private_mailbox.id

    def test_administrator_connects_shared_mailboxes(self, env, world):
        made = env(user=world.admin.id)["escala.mailbox"].create(self.values(kind="shared"))
        assert not made.user_id

    def test_administrator_sees_and_disconnects_any(self, env, world, as_user):
        mailbox = as_user(world.admin, world.private_mailbox)
        assert mailbox.read(["email", "state", "last_error"])
        mailbox.action_disconnect()
        assert mailbox.state == "draft"

    def values(self, **values):
        return {
            "email": "new@nordica.example",
            "imap_host": "imap.nordica.example",
            "imap_password": "x",
            **values,
        }
