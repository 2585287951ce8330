"""The connection wizard against real servers: an IMAP server and one for SMTP."""

import pytest

from odoo.exceptions import AccessError, UserError

from setup.dovecot import PASSWORD
from tests.smtp.server import Rules, running
from tests.sync.support import compose, deliver, ledger, sync


@pytest.fixture
def smtp():
    rules = Rules(password=PASSWORD)
    with running(rules) as port:
        rules.port = port
        yield rules


@pytest.fixture
def admin(env):
    env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
    return env.ref("base.user_admin")


def start(env, user, dovecot, smtp, login, kind="shared", **values):
    """Open the wizard where the servers have been filled in."""
    return (
        env["escala.mailbox.wizard"]
        .with_user(user)
        .create(
            {
                "kind": kind,
                "step": "servers",
                "email": login,
                "searched_email": login,
                "imap_host": dovecot.host,
                "imap_port": dovecot.port,
                "imap_security": "none",
                "imap_password": PASSWORD,
                "smtp_host": "127.0.0.1",
                "smtp_port": smtp.port,
                "smtp_security": "none",
                **values,
            }
        )
    )


def finish(wizard):
    wizard.action_test()
    wizard.action_choose_options()
    action = wizard.action_finish()
    mailbox = wizard.env["escala.mailbox"].browse(action["res_id"])
    wizard.env.cr.commit()
    return mailbox


def test_wizard_tests_both_directions_and_connects_what_was_chosen(env, dovecot, smtp, login, admin):
    deliver(dovecot, login, [compose("iker@stranger.example", "In the inbox")])
    deliver(dovecot, login, [compose("iker@stranger.example", "Filed")], "Customers")
    wizard = start(env, admin, dovecot, smtp, login)
    wizard.action_test()
    assert (wizard.imap_ok, wizard.smtp_ok) == (True, True)
    assert {folder.path for folder in wizard.folder_ids if folder.selected} == {"INBOX", "Sent"}
    assert smtp.logins == [("PLAIN", True)]
    assert not env["escala.mailbox"].search([("email", "=", login)])
    wizard.folder_ids.filtered(lambda folder: folder.path == "Customers").selected = True
    wizard.folder_ids.filtered(lambda folder: folder.path == "Sent").selected = False
    wizard.write({"scope": "everyone", "history": "year", "member_ids": [(6, 0, admin.ids)]})
    wizard.action_test()  # once more: what was ticked stays
    mailbox = finish(wizard)
    assert mailbox.state == "connected"
    assert (mailbox.kind, mailbox.history, mailbox.member_ids) == ("shared", "year", admin)
    ticked = mailbox.folder_ids.filtered("selected").mapped("path")
    assert sorted(ticked) == ["Customers", "INBOX"]
    assert mailbox.sync_requested
    assert not wizard.sudo().imap_password_encrypted
    sync(mailbox.sudo())
    assert set(ledger(mailbox.sudo()).mapped("subject")) == {"In the inbox", "Filed"}
    with mailbox._smtp_session() as session:
        assert session.send(login, ["iker@ibarra.example"], b"Subject: Hola\n\nHola\n").refused == {}


@pytest.mark.parametrize(
    ("values", "failing", "words"),
    [
        ({"imap_password": "wrong", "smtp_password": PASSWORD}, "imap", "Type the password again"),
        ({"smtp_password": "wrong"}, "smtp", "Type the password again"),
        ({"smtp_port": 1}, "smtp", "refuses connections on port 1"),
        ({"imap_security": "tls"}, "imap", "Check the connection security"),
        ({"smtp_host": "nowhere.invalid"}, "smtp", "no server named"),
    ],
)
def test_each_direction_says_what_is_wrong_with_it(env, dovecot, smtp, login, admin, values, failing, words):
    dovecot.create_user(login)
    wizard = start(env, admin, dovecot, smtp, login, **values)
    wizard.action_test()
    assert (wizard.imap_ok, wizard.smtp_ok) == (failing != "imap", failing != "smtp")
    assert words in wizard[f"{failing}_result"]
    assert PASSWORD not in wizard[f"{failing}_result"]
    with pytest.raises(UserError):
        wizard.action_choose_options()


def test_a_mailbox_may_be_for_receiving_only(env, dovecot, smtp, login, admin):
    dovecot.create_user(login)
    mailbox = finish(start(env, admin, dovecot, smtp, login, smtp_host=False))
    assert mailbox.state == "connected"
    assert not smtp.logins


def test_marketing_needs_no_imap_and_is_not_checked(env, dovecot, smtp, login, admin):
    wizard = start(
        env, admin, dovecot, smtp, login, kind="marketing", imap_password=False, smtp_password=PASSWORD
    )
    mailbox = finish(wizard)
    assert mailbox.state == "connected"
    assert not mailbox.imap_host
    assert not mailbox.next_check
    mailbox.sudo().action_disconnect()


def test_reconnecting_with_the_stored_password_keeps_mail_and_folders(env, dovecot, smtp, login, admin):
    deliver(dovecot, login, [compose("iker@stranger.example", "Before")])
    mailbox = finish(start(env, admin, dovecot, smtp, login))
    sync(mailbox.sudo())
    wizards = env["escala.mailbox.wizard"].with_user(admin).with_context(default_mailbox_id=mailbox.id)
    values = wizards.default_get(list(wizards._fields))
    assert not {"imap_password", "smtp_password", "imap_password_encrypted"} & {
        name for name, value in values.items() if value
    }
    wizard = wizards.create(values)
    wizard.scope = "known"
    assert finish(wizard) == mailbox
    assert mailbox.scope == "known"
    sync(mailbox.sudo())
    assert ledger(mailbox.sudo()).mapped("subject") == ["Before"]


def test_changing_the_address_keeps_what_came_in(env, dovecot, smtp, login, admin):
    deliver(dovecot, login, [compose("iker@stranger.example", "At the old address")])
    deliver(dovecot, f"new-{login}", [compose("iker@stranger.example", "At the new one")])
    mailbox = finish(start(env, admin, dovecot, smtp, login))
    sync(mailbox.sudo())
    wizard = start(env, admin, dovecot, smtp, f"new-{login}", mailbox_id=mailbox.id)
    assert finish(wizard) == mailbox
    sync(mailbox.sudo())
    emails = env["escala.mailbox.message"].search([("mailbox_id", "=", mailbox.id)]).email_id
    assert set(emails.mapped("subject")) == {"At the old address", "At the new one"}


def test_a_failure_at_the_end_saves_nothing(env, dovecot, smtp, login, admin):
    dovecot.create_user(login)
    wizard = start(env, admin, dovecot, smtp, login)
    wizard.action_test()
    wizard.imap_password = "wrong"
    with pytest.raises(UserError), env.cr.savepoint():
        wizard.action_finish()
    assert not env["escala.mailbox"].search([("email", "=", login)])


def test_nobody_lists_the_folders_of_another_by_the_password_that_is_stored(env, dovecot, smtp, login, admin):
    dovecot.create_user(login)
    mailbox = finish(start(env, admin, dovecot, smtp, login))
    marcos = env.ref("escala_mail_sync.user_marcos")
    wizard = start(
        env, marcos, dovecot, smtp, login, kind="personal", imap_password=False, mailbox_id=mailbox.id
    )
    with pytest.raises(AccessError):
        wizard.action_test()
    assert not wizard.folder_ids
