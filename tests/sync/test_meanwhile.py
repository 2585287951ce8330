"""What people, servers and clocks do while a mailbox is synchronised, and mail that is made to stop it."""

import io
import os
import threading
from datetime import timedelta

import pytest
from lxml import etree
from PIL import Image, TiffImagePlugin

from odoo import fields

from setup import dovecot as dovecot_setup
from setup import odoo_env, paths
from tests.conftest import make_mailbox
from tests.sync.support import assert_sound, compose, deliver, is_in_words, ledger, letters, sync


def after_first_batch(monkeypatch, env, action):
    """Do something between the first batch's commit and the second batch."""
    importer = type(env["escala.email.importer"])
    select, calls = importer._select, []

    def select_later(self, *arguments):
        calls.append(arguments)
        if len(calls) == 2:
            action()
        return select(self, *arguments)

    monkeypatch.setattr(importer, "_select", select_later)


def test_mailbox_disconnected_during_a_run_stays_so(env, mailbox, dovecot, login, small_batches, monkeypatch):
    deliver(dovecot, login, letters(25, "disconnected"))
    after_first_batch(monkeypatch, env, mailbox.action_disconnect)
    sync(mailbox)
    assert mailbox.state == "draft"
    assert not mailbox.next_check
    assert len(ledger(mailbox)) == 10


def test_user_who_changes_the_mailbox_during_a_run_puts_it_off_for_a_minute(
    env, mailbox, dovecot, login, small_batches, monkeypatch
):
    mailbox.check_interval = "720"
    deliver(dovecot, login, letters(25, "changed"))
    with env.registry.cursor() as user:

        def rename() -> None:
            user.execute("UPDATE escala_mailbox SET name = 'Ventas' WHERE id = %s", [mailbox.id])
            threading.Timer(1, user.commit).start()

        after_first_batch(monkeypatch, env, rename)
        sync(mailbox)
        assert len(ledger(mailbox)) == 10
        assert mailbox.name == "Ventas"
        assert not mailbox.running_since
        assert not mailbox.last_error
        assert mailbox.next_check <= fields.Datetime.now() + timedelta(minutes=1)
    sync(mailbox)
    assert len(ledger(mailbox)) == 25
    assert_sound(mailbox)


def test_what_is_stored_while_somebody_removes_it_all_goes_too(
    env, odoo_database, mailbox, dovecot, login, small_batches, monkeypatch
):
    """Whose transaction began before the first batch was stored, so that it does not see what is in it."""
    deliver(dovecot, login, letters(25, "removing"))
    importer = type(env["escala.email.importer"])
    select, calls = importer._select, []
    with odoo_env.environment(odoo_database) as administrator:
        twin = administrator["escala.mailbox"].browse(mailbox.id)

        def select_later(self, *arguments):
            calls.append(arguments)
            if len(calls) == 1:
                assert twin.state == "connected"
            if len(calls) == 2:
                twin.action_disconnect_and_remove()
                administrator.cr.commit()
            return select(self, *arguments)

        monkeypatch.setattr(importer, "_select", select_later)
        sync(mailbox)
    assert len(ledger(mailbox).email_id) == 10
    mailbox._cron_remove_emails()
    assert not ledger(mailbox).email_id
    assert (mailbox.state, mailbox.removal_requested) == ("draft", False)


def test_owner_who_leaves_during_a_run_stops_it(
    env, odoo_database, dovecot, login, small_batches, monkeypatch
):
    """By an administrator, in a transaction of their own."""
    user = env["res.users"].create({"name": "Leaver", "login": f"leaver-{login}"})
    mailbox = make_mailbox(env, dovecot, login, user_id=user.id)
    deliver(dovecot, login, letters(25, "leaver"))

    def leave():
        with odoo_env.environment(odoo_database, env.ref("base.user_admin").id) as administrator:
            administrator["res.users"].browse(user.id).action_archive()
            administrator.cr.commit()

    after_first_batch(monkeypatch, env, leave)
    sync(mailbox)
    assert (mailbox.state, mailbox.next_check) == ("draft", False)
    assert len(ledger(mailbox)) == 10
    user.active = True
    env.cr.commit()
    env["escala.mailbox"]._cron_sync()
    assert len(ledger(mailbox)) == 10
    mailbox.with_user(user).action_connect()
    sync(mailbox)
    assert len(ledger(mailbox)) == 25
    assert_sound(mailbox)


def test_run_ends_when_the_crons_time_is_over_and_the_next_goes_on(
    env, mailbox, dovecot, login, small_batches, monkeypatch
):
    deliver(dovecot, login, letters(25, "time"))
    long_ago = fields.Datetime.now() - timedelta(days=3)
    mailbox.write({"failures": 7, "failing_since": long_ago, "error_code": "timeout", "state": "error"})
    cron = type(env["ir.cron"])

    def commit_without_time_left(self, processed=0, *, remaining=None, deactivate=False):
        self.env.cr.commit()
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(cron, "_commit_progress", commit_without_time_left)
        sync(mailbox)
    assert len(ledger(mailbox)) == 10
    assert (mailbox.state, mailbox.failures) == ("connected", 0)
    assert not mailbox.failing_since
    assert not mailbox.last_error
    env["escala.mailbox"]._cron_sync()
    assert len(ledger(mailbox)) == 25
    assert_sound(mailbox)


def test_folder_that_is_gone_does_not_keep_the_others_waiting(mailbox, dovecot, login):
    deliver(dovecot, login, letters(2, "alpha"), folder="Alpha")
    deliver(dovecot, login, letters(2, "zeta"), folder="Zeta")
    mailbox.action_connect()
    mailbox.folder_ids.selected = True
    with dovecot.connect(login) as client:
        client.delete_folder("Alpha")
    sync(mailbox)
    assert mailbox.state == "connected"
    assert set(ledger(mailbox).folder_id.mapped("path")) == {"Zeta"}
    assert mailbox.folder_ids.filtered("missing").mapped("path") == ["Alpha"]


@pytest.fixture(scope="module")
def acl_dovecot():
    """A server that heeds the file dovecot-acl in a folder."""
    folder = paths.DOVECOT / f"acl-{os.getpid()}"
    with dovecot_setup.running(folder, "mail_plugins = acl\nplugin {\n  acl = vfile\n}") as server:
        yield server


def test_folder_that_may_not_be_opened_keeps_no_other_back(env, acl_dovecot, login):
    dovecot, mailbox = acl_dovecot, make_mailbox(env, acl_dovecot, login, kind="shared", user_id=False)
    for name in ("Alpha", "Obras", "Zeta"):
        deliver(dovecot, login, letters(2, name.lower()), folder=name)
    mailbox.action_connect()
    mailbox.folder_ids.selected = True
    rights = dovecot.folder / "mail" / login / ".Obras" / "dovecot-acl"
    rights.write_text("owner l\n")  # it is listed, and no more
    mailbox.action_connect()
    sync(mailbox)
    assert {row.folder_id.path for row in ledger(mailbox)} == {"Alpha", "Zeta"}
    assert is_in_words(mailbox.last_error)
    assert "Obras" in mailbox.last_error
    assert (mailbox.state, mailbox.failures, mailbox.failing_since) == ("connected", 0, False)
    assert not any(mailbox.folder_ids.mapped("missing"))
    deliver(dovecot, login, letters(1, "afterwards"))
    sync(mailbox)
    assert "afterwards 1" in ledger(mailbox).mapped("subject")
    rights.unlink()
    sync(mailbox)
    assert {row.folder_id.path for row in ledger(mailbox)} == {"Alpha", "INBOX", "Obras", "Zeta"}
    assert not mailbox.last_error
    assert_sound(mailbox)


def test_another_account_starts_over_and_keeps_what_came_in(env, mailbox, dovecot, login):
    deliver(dovecot, login, letters(3, "old"))
    sync(mailbox)
    other = f"other-{login}"
    deliver(dovecot, other, letters(2, "new"))
    mailbox.write({"imap_login": other, "imap_password": dovecot.password})
    assert mailbox.state == "draft"
    mailbox.action_connect()
    sync(mailbox)
    rows = env["escala.mailbox.message"].search([("mailbox_id", "=", mailbox.id)])
    assert sorted(rows.mapped("subject")) == ["new 1", "new 2", "old 1", "old 2", "old 3"]


def test_password_is_not_sent_to_another_server(mailbox):
    mailbox.imap_host = "imap.elsewhere.example"
    assert not mailbox.has_password
    assert "password" in mailbox.action_test_connection()["params"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Message_ID": f"<{'x' * 12_000}@stranger.example>"},
        {"References": f"<{'x' * 12_000}@stranger.example>"},
        {"In_Reply_To": f"<{'ñ' * 900}@stranger.example>"},
        {"Cc": f"{'x' * 9_000}@stranger.example"},
    ],
)
def test_oversized_header_stops_nothing(mailbox, dovecot, login, headers):
    raw = compose("big@stranger.example", "oversized")
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    deliver(dovecot, login, [lines.encode() + raw, *letters(1, "behind")])
    sync(mailbox)
    assert mailbox.state == "connected"
    assert ledger(mailbox).mapped("state") == ["linked", "linked"]
    assert_sound(mailbox)


def test_sender_with_an_oversized_address_is_quarantined(mailbox, dovecot, login):
    deliver(dovecot, login, [compose(f"{'x' * 9_000}@stranger.example"), *letters(1, "behind-address")])
    sync(mailbox)
    assert ledger(mailbox).mapped("reason") == ["no_sender", False]


def test_damaged_and_large_images_are_kept_as_they_came(mailbox, dovecot, login):
    Image.register_save("TIFF", TiffImagePlugin._save)  # Odoo keeps Pillow from loading all its formats
    whole, tiff = io.BytesIO(), io.BytesIO()
    Image.effect_noise((2400, 1200), 80).save(whole, "JPEG", quality=95)
    Image.effect_noise((2400, 1200), 80).save(tiff, "TIFF", compression="tiff_lzw")
    damaged = tiff.getvalue()[:2000] + bytes(5000) + tiff.getvalue()[7000:]
    files = [("foto.jpg", "image/jpeg", whole.getvalue()), ("plano.tiff", "image/tiff", damaged)]
    deliver(dovecot, login, [compose("foto@stranger.example", attachments=files)])
    sync(mailbox)
    assert mailbox.state == "connected"
    stored = {file.name: file.raw for file in ledger(mailbox).email_id.attachment_ids}
    assert stored == {name: content for name, _mimetype, content in files}


def test_inline_images_are_not_mixed_up(mailbox, dovecot, login):
    html = "<p><img src='cid:image1'/><img src='cid:image10'/><img src='cid:gone'/></p>"
    parts = "".join(
        f"--b\r\nContent-Type: image/png\r\nContent-ID: <{name}>\r\n\r\n{name}\r\n"
        for name in ("image1", "image10")
    )
    raw = (
        "From: Ana <inline@stranger.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/related; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n{parts}--b--\r\n"
    )
    deliver(dovecot, login, [raw.encode()])
    sync(mailbox)
    [email] = ledger(mailbox).email_id
    first, tenth = email.attachment_ids.sorted("id")
    assert f'src="/web/image/{first.id}"' in email.body
    assert f'src="/web/image/{tenth.id}"' in email.body


def test_folder_names_that_are_no_text_are_left_out(mailbox, dovecot, login):
    with dovecot.connect(login) as client:
        client._imap._simple_command("CREATE", b'"Caf&AOk-"')
        client._imap._simple_command("CREATE", b'"&2AA-"')
    assert mailbox.action_connect()["params"]["type"] == "success"
    assert "Café" in mailbox.folder_ids.mapped("path")


def test_merged_lead_keeps_the_emails_of_both(env, mailbox, dovecot, login):
    deliver(dovecot, login, letters(2, "merge"))
    sync(mailbox)
    emails = ledger(mailbox).email_id
    merged = emails.lead_ids.merge_opportunity()
    assert emails.lead_ids == merged


def test_employee_without_crm_opens_the_contact(env, dovecot):
    mailbox = make_mailbox(env, dovecot, "shared@nordica.example", kind="shared", user_id=False)
    deliver(dovecot, "shared@nordica.example", [compose("ana@llamazares.example", "for all")])
    sync(mailbox)
    nadia = env.ref("escala_mail_sync.user_nadia")
    contact = env["res.partner"].search([("email", "=", "ana@llamazares.example")]).with_user(nadia)
    arch = env["escala.email"].with_user(nadia).get_view(view_type="list")["arch"]
    names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
    emails = env["escala.email"].with_user(nadia).search([("partner_ids", "child_of", contact.id)])
    assert "for all" in [values["subject"] for values in emails.web_read({name: {} for name in names})]
