"""Mailings leave by the marketing account, with its login; nothing else does, and nothing waits for them."""

import contextlib
import socket
import threading
import time
from email import message_from_bytes
from email.policy import default

import pytest

from odoo.exceptions import UserError, ValidationError

from odoo.addons.escala_mail_sync.oauth.client import Tokens

from setup import oauth_server, odoo_env, tls
from setup import smtp_server as provider_smtp
from tests.conftest import make_mailbox
from tests.marketing.conftest import make_account
from tests.marketing.mailings import make_mailing, send, traces
from tests.smtp import server as smtp_server
from tests.sync.duplicates import duplicated
from tests.sync.sending import deliver_now, draft
from tests.sync.support import raw_on_server


@pytest.fixture
def contacts(env, login):
    return make_contacts(env, login)


def sender_of(envelope) -> str:
    return message_from_bytes(envelope.content, policy=default)["From"].addresses[0].addr_spec


def test_a_mailing_leaves_by_the_account_with_its_login(env, account, post_office, contacts, marketer):
    mailing = make_mailing(env(user=marketer), contacts, account)
    assert mailing.email_from == f'"Boletín Nórdica" <{account.email}>'
    post_office.logins.clear()
    send(mailing)
    assert sorted(envelope.rcpt_tos for envelope in post_office.got) == sorted(
        [email] for email in contacts.mapped("email")
    )
    assert {sender_of(envelope) for envelope in post_office.got} == {account.email}
    assert {envelope.mail_from for envelope in post_office.got} == {account.email}
    assert post_office.logins == [("PLAIN", True)]
    assert mailing.state == "done"
    assert traces(mailing) == (["sent"] * 3, "")


def test_an_account_that_is_signed_in_for_sends_with_its_access_token(env, dovecot, login):
    dovecot.create_user(login)
    address = f"news.{login}"
    with (
        oauth_server.running() as provider,
        provider_smtp.running(dovecot, ("nordica.example",), provider.address_of) as smtp,
    ):
        provider.configure(env, dovecot.host, dovecot.port, smtp.port)
        account = env["escala.mailbox"].create(
            {"kind": "marketing", "email": address, "auth_method": "google"}
        )
        tokens = Tokens(provider.access_token(address), "unused", time.time() + 3600)
        env["escala.oauth.token"]._store(account, tokens)
        account.action_connect()
        env.cr.commit()
        assert account.state == "connected", account.last_error
        mailing = make_mailing(env, env["res.partner"].create({"name": "Ana", "email": login}), account)
        send(mailing)
        assert traces(mailing) == (["sent"], "")
    assert b"Solo en mayo" in raw_on_server(dovecot, login, 1, "INBOX")


def test_the_sample_of_a_mailing_leaves_by_the_account(env, account, post_office, contacts, marketer):
    env = env(user=marketer)
    wizard = env["mailing.mailing.test"].create(
        {"mass_mailing_id": make_mailing(env, contacts, account).id, "email_to": "yo@nordica.example"}
    )
    wizard.send_mail_test()
    assert [envelope.rcpt_tos for envelope in post_office.got] == [["yo@nordica.example"]]


def test_mailings_leave_by_the_first_account_unless_told_otherwise(env, account, smtp_port, login):
    parameters = env["ir.config_parameter"]
    parameters.set_param("mass_mailing.mail_server_id", False)
    parameters.set_param("mass_mailing.outgoing_mail_server", False)
    first = make_account(env, f"first.{login}", smtp_port)
    make_account(env, f"second.{login}", smtp_port)
    mailing = make_mailing(env, env["res.partner"])
    assert mailing.mail_server_available
    assert mailing.mail_server_id == first._find_mail_servers()
    first.action_disconnect()
    assert not make_mailing(env, env["res.partner"]).mail_server_id


class TestWhatElseIsSent:
    @pytest.fixture
    def author(self, env, account):
        """Somebody whose address is that of the account, so that From alone would lead there."""
        user = env.ref("escala_mail_sync.user_marcos")
        user.partner_id.email = account.email
        env.cr.commit()
        return user

    def test_messages_leave_by_another_server(self, env, account, post_office, general, contacts, author):
        contacts[0].with_user(author).message_post(
            body="Hola", partner_ids=contacts[0].ids, subtype_xmlid="mail.mt_comment"
        )
        env.cr.commit()
        assert (len(general.got), post_office.got) == (1, [])

    def test_templates_leave_by_another_server(self, env, account, post_office, general, contacts, author):
        template = env["mail.template"].create(
            {
                "name": "Bienvenida",
                "model_id": env["ir.model"]._get_id("res.partner"),
                "subject": "Bienvenida",
                "body_html": "<p>Hola</p>",
                "email_from": account.email,
                "email_to": "{{ object.email }}",
            }
        )
        template.send_mail(contacts[0].id, force_send=True)
        assert (len(general.got), post_office.got) == (1, [])
        with pytest.raises(UserError):
            template.mail_server_id = account._find_mail_servers()
        env.cr.rollback()

    def test_nothing_leaves_where_there_is_no_other_server(self, env, account, post_office, contacts):
        env["ir.mail_server"].search([("escala_mailbox_id", "=", False)]).active = False
        mail = env["mail.mail"].create({"email_from": account.email, "email_to": contacts[0].email})
        mail.send()
        assert mail.state == "exception"
        assert post_office.got == []

    def test_no_message_can_name_the_account(self, env, account, contacts, author):
        server = account._find_mail_servers()
        with pytest.raises(ValidationError):
            contacts[0].with_user(author).message_post(
                body="Hola", partner_ids=contacts.ids, mail_server_id=server.id, email_from=account.email
            )
        env.cr.rollback()
        mailing = make_mailing(env, contacts, mail_server_id=False)
        with pytest.raises(ValidationError):
            env["mail.mail"].create({"mail_server_id": server.id, "mailing_id": mailing.id})
        env.cr.rollback()

    def test_what_was_left_of_a_deleted_mailing_is_refused_alone(
        self, env, account, post_office, general, contacts
    ):
        """The queue is one for all e-mails: it goes on behind it."""
        mailing = make_mailing(env, contacts, account)
        values = {"email_from": account.email, "email_to": contacts[0].email, "body_html": "<p>Hola</p>"}
        server = account._find_mail_servers().id
        left = env["mail.mail"].create({**values, "mailing_id": mailing.id, "mail_server_id": server})
        mailing.unlink()
        other = env["mail.mail"].create({**values, "email_from": "laura@nordica.example"})
        env.cr.commit()
        env["mail.mail"].process_email_queue()
        env.invalidate_all()
        assert (left.state, other.state) == ("exception", "sent")
        assert "of the mailings that name it" in left.failure_reason
        assert (len(general.got), post_office.got) == (1, [])

    def test_a_personal_outgoing_server_is_used_as_ever(self, env, account, post_office, contacts, author):
        """Odoo's own; here even for the address of the account."""
        rules = smtp_server.Rules(password="personal")
        with smtp_server.running(rules) as port:
            env["ir.mail_server"].create(
                {
                    "name": author.email,
                    "owner_user_id": author.id,
                    "from_filter": author.email,
                    "smtp_user": author.email,
                    "smtp_pass": rules.password,
                    "smtp_host": smtp_server.HOST,
                    "smtp_port": port,
                }
            )
            env["res.users"]._gc_personal_mail_servers()
            contacts[0].with_user(author).message_post(
                body="Hola", partner_ids=contacts[0].ids, subtype_xmlid="mail.mt_comment"
            )
            env.cr.commit()
        assert (len(rules.got), post_office.got) == (1, [])
        assert account._find_mail_servers().active


class TestWhenItCannotBeUsed:
    @pytest.mark.parametrize("how", ["action_disconnect", "action_archive"])
    def test_a_stopped_account_sends_nothing(self, env, account, post_office, contacts, how):
        mailing = make_mailing(env, contacts, account)
        getattr(account, how)()
        assert not account._find_mail_servers().active
        send(mailing)
        states, reasons = traces(mailing)
        assert states == ["error"] * 3
        assert "is not connected" in reasons
        assert post_office.got == []
        account.write({"active": True})
        account.action_connect()
        assert account._find_mail_servers().active
        mailing.action_retry_failed()
        send(mailing)
        assert len(post_office.got) == 3

    def test_a_deleted_account_sends_nothing(self, env, smtp_port, post_office, contacts, login):
        account = make_account(env, f"gone.{login}", smtp_port)
        server = account._find_mail_servers()
        mailing = make_mailing(env, contacts, account)
        account.unlink()
        env.cr.commit()
        assert (server.active, server.escala_mailbox_id.id) == (False, False)
        send(mailing)
        states, reasons = traces(mailing)
        assert states == ["error"] * 3
        assert "archived" in reasons
        assert post_office.got == []

    def test_a_refused_login_is_tried_once_and_turns_the_account_red(
        self, env, account, post_office, contacts
    ):
        post_office.password = "another"
        env["ir.config_parameter"].set_param("mail.batch_size", "1")
        post_office.logins.clear()
        mailing = make_mailing(env, contacts, account)
        send(mailing)
        env["ir.config_parameter"].set_param("mail.batch_size", False)
        assert post_office.logins == [("PLAIN", False)]
        states, reasons = traces(mailing)
        assert states == ["error"] * 3
        assert "password" in reasons
        assert (account.state, account.error_code) == ("error", "wrong_password")

    def test_a_recipient_that_is_refused_says_why(self, env, account, post_office, contacts):
        post_office.refused = {contacts[1].email: "550 5.1.1 No such user here"}
        mailing = make_mailing(env, contacts, account)
        send(mailing)
        states, reasons = traces(mailing)
        assert sorted(states) == ["error", "sent", "sent"]
        assert "No such user here" in reasons

    def test_another_from_is_refused(self, env, account, post_office, contacts):
        mailing = make_mailing(env, contacts, account, email_from="jefe@otra.example")
        assert mailing.warning_message
        send(mailing)
        states, reasons = traces(mailing)
        assert states == ["error"] * 3
        assert account.email in reasons
        assert post_office.got == []

    def test_servers_inside_of_the_network_need_an_administrators_leave(
        self, env, account, post_office, contacts
    ):
        env["ir.config_parameter"].set_param("escala_mail_sync.allow_private_hosts", "False")
        post_office.logins.clear()
        mailing = make_mailing(env, contacts, account)
        send(mailing)
        env["ir.config_parameter"].set_param("escala_mail_sync.allow_private_hosts", "True")
        env.cr.commit()
        assert "private network" in traces(mailing)[1]
        assert post_office.logins == []

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_that_nobody_knows_is_refused(
        self, env, post_office, contacts, login, tmp_path, security
    ):
        with smtp_server.running(post_office, security, tls.self_signed(tmp_path)) as port:
            account = make_account(env, f"tls.{login}", port, smtp_security=security)
            assert account.state == "draft"
            account.sudo().state = "connected"  # as if it had been known when the account was connected
            mailing = make_mailing(env, contacts, account)
            send(mailing)
        assert "certificate" in traces(mailing)[1]
        assert post_office.logins == []


class TestWhatDoesNotWaitForMailings:
    @pytest.fixture
    def office(self):
        return smtp_server.Rules()

    @pytest.fixture
    def laura(self, env, dovecot, login, office):
        """The mailbox of somebody who writes while a mailing is being sent."""
        env["escala.mailbox"].search([("kind", "=", "personal")]).active = False
        env.flush_all()
        with smtp_server.running(office) as port:
            yield make_mailbox(
                env,
                dovecot,
                login,
                smtp_host=smtp_server.HOST,
                smtp_port=port,
                smtp_security="none",
                smtp_password=smtp_server.PASSWORD,
            )

    def test_a_slow_server(self, env, account, contacts, laura, office):
        mailing = make_mailing(env, contacts, account)
        mailing.action_launch()
        with silent_server() as (port, is_reached):
            env.cr.execute("UPDATE escala_mailbox SET smtp_port = %s WHERE id = %s", [port, account.id])
            env.cr.commit()
            worker = threading.Thread(target=process_queue, args=(env.registry,))
            worker.start()
            assert is_reached.wait(20)
            started = time.monotonic()
            email = draft(laura, to="ana@cliente.example")
            deliver_now(email)
            took = time.monotonic() - started
            assert worker.is_alive()
        worker.join(30)
        assert not worker.is_alive()
        assert (email.state, len(office.got)) == ("sent", 1)
        assert took < 10  # seconds; a mailing waits 30 for each answer
        env.invalidate_all()
        assert traces(mailing)[0] == ["error"] * 3

    def test_a_refusing_server(self, env, account, post_office, contacts, laura, office):
        post_office.answer = "451 4.7.1 Too much"
        mailing = make_mailing(env, contacts, account)
        send(mailing)
        assert traces(mailing)[0] == ["error"] * 3
        email = draft(laura, to="ana@cliente.example")
        deliver_now(email)
        assert (email.state, len(office.got)) == ("sent", 1)

    def test_the_account_cannot_be_chosen(self, env, account, laura):
        assert account not in env["escala.mailbox"].with_user(laura.user_id)._find_for_sending()
        email = draft(laura, to="ana@cliente.example")
        email.sudo().mailbox_id = account
        with pytest.raises(UserError):
            email.action_send()
        env.cr.rollback()


class TestCopiesOfTheDatabase:
    @pytest.fixture
    def ids(self, odoo_database, smtp_port, login):
        """Of an account and of contacts; copying ends all connections with the database."""
        with odoo_env.environment(odoo_database) as env:
            contacts = make_contacts(env, login)
            return make_account(env, f"copied.{login}", smtp_port).id, contacts.ids

    def test_a_copy_sends_nothing_until_somebody_reconnects(self, odoo_database, ids, post_office):
        with duplicated(odoo_database) as env:
            account = env["escala.mailbox"].browse(ids[0])
            mailing = make_mailing(env, env["res.partner"].browse(ids[1]), account)
            send(mailing)
            states, reasons = traces(mailing)
            assert states == ["error"] * 3
            assert "copy of the database" in reasons
            assert post_office.got == []
            account.action_connect()
            mailing.action_retry_failed()
            send(mailing)
            assert len(post_office.got) == 3

    def test_a_neutralised_copy_sends_nothing_and_has_no_secret(self, odoo_database, ids, post_office):
        post_office.logins.clear()
        with odoo_env.environment(odoo_database) as env:
            tokens = Tokens("an access token", "a refresh token", time.time() + 3600)
            env["escala.oauth.token"]._store(env["escala.mailbox"].browse(ids[0]), tokens)
            env.cr.commit()
        with duplicated(odoo_database, neutralize=True) as env:
            assert not env["escala.oauth.token"].search_count([])
            account = env["escala.mailbox"].browse(ids[0])
            server = account._find_mail_servers()
            assert not server.active
            server.active = True  # as somebody may do by mistake
            mailing = make_mailing(env, env["res.partner"].browse(ids[1]), account)
            send(mailing)
            assert traces(mailing)[0] == ["error"] * 3
            assert not account.has_smtp_password
        assert (post_office.logins, post_office.got) == ([], [])

    def test_no_mail_server_has_a_secret(self, env, account):
        statement = (
            "SELECT smtp_pass, to_jsonb(server)::text FROM ir_mail_server server WHERE escala_mailbox_id = %s"
        )
        env.cr.execute(statement, [account.id])
        [(password, row)] = env.cr.fetchall()
        assert not password
        assert smtp_server.PASSWORD not in row
        assert "gAAAA" not in row


def make_contacts(env, login):
    """Return three contacts."""
    names = ("ana", "luis", "eva")
    return env["res.partner"].create([{"name": name, "email": f"{name}.{login}"} for name in names])


def process_queue(registry) -> None:
    """What Odoo's cron does, in a transaction of its own."""
    from odoo import api

    with registry.cursor() as cursor:
        api.Environment(cursor, 1, {})["mailing.mailing"]._process_mass_mailing_queue()


@contextlib.contextmanager
def silent_server():
    """Give the port of a server that takes connections and says nothing, and an event: somebody waits there."""
    is_reached = threading.Event()
    connections = []
    with socket.create_server((smtp_server.HOST, 0)) as listener:

        def accept() -> None:
            connections.append(listener.accept()[0])
            is_reached.set()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1], is_reached
        finally:
            for connection in connections:
                connection.close()
