"""Who may read synchronised mail, whichever way they ask, and who may set mailboxes up."""

import base64
import json
import stat
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from werkzeug.test import Client

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, sync

FILE = b"what only the owner may read"
# What tells somebody that a record is there, or what is in it.
WAYS = {
    "search",
    "search_count",
    "read",
    "web_search_read",
    "name_search",
    "read_group",
    "formatted_read_group",
}


@pytest.fixture(scope="module")
def world(module_env, dovecot):
    """A private mailbox of Laura's, a shared one that Marcos is a member of, and users without either."""
    env = module_env
    users = SimpleNamespace(
        laura=env.ref("escala_mail_sync.user_laura"),
        marcos=env.ref("escala_mail_sync.user_marcos"),
        nadia=env.ref("escala_mail_sync.user_nadia"),
        admin=env.ref("base.user_admin"),
        portal=env["res.users"].create(
            {
                "name": "Ana Llamazares",
                "login": "ana-portal",
                "password": "ana-portal",
                "partner_id": env.ref("escala_contact_rules.partner_ana").id,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        ),
    )
    private = make_mailbox(env, dovecot, "private@nordica.example", user_id=users.laura.id)
    shared = make_mailbox(
        env,
        dovecot,
        "shared@nordica.example",
        kind="shared",
        user_id=False,
        member_ids=[Command.set(users.marcos.ids)],
    )
    for mailbox in (private, shared):
        name = mailbox.kind
        deliver(
            dovecot,
            mailbox.email,
            [
                compose(
                    "ana@llamazares.example",
                    f"{name} contact",
                    attachments=[("a.bin", "application/x-a", FILE)],
                ),
                compose(f"{name}@stranger.example", f"{name} lead"),
                compose("", f"{name} broken"),
            ],
        )
    sync(private + shared)
    rows = {row.subject: row for row in ledger(private + shared)}
    assert len(rows) == 6
    rows["shared lead"].email_id.lead_ids.user_id = users.laura
    env.cr.commit()
    return SimpleNamespace(
        **vars(users),
        private_mailbox=private,
        shared_mailbox=shared,
        private=rows["personal contact"].email_id,
        private_broken=rows["personal broken"],
        shared=rows["shared contact"].email_id,
        shared_lead=rows["shared lead"].email_id,
        shared_broken=rows["shared broken"],
        browsers={},
    )


@pytest.fixture
def as_user(env, world):
    """Return a record as a user has it who comes with nothing in the cache."""

    def browse(user, record):
        env.invalidate_all()
        return env(user=user.id)[record._name].browse(record.id)

    return browse


@pytest.fixture
def ways(as_user):
    """Return the ways in which a user learns of a record."""

    def find(user, record, text_field="subject"):
        mine = as_user(user, record)
        model, domain = mine.browse(), [("id", "=", record.id)]
        text = record[text_field]
        attempts = {
            "search": lambda: model.search(domain),
            "search_count": lambda: model.search_count(domain),
            "read": lambda: mine.read([text_field]),
            "web_search_read": lambda: model.web_search_read(domain, {text_field: {}})["records"],
            "name_search": lambda: [id_ for id_, _name in model.name_search(text) if id_ == record.id],
            "read_group": lambda: model._read_group(domain, [text_field], ["__count"]),
            "formatted_read_group": lambda: model.formatted_read_group(domain, [text_field], ["__count"]),
            "export_data": lambda: text in str(mine.export_data([text_field])["datas"]),
        }
        found = set()
        for way, attempt in attempts.items():
            model.env.invalidate_all()
            with suppress(AccessError, UserError), model.env.cr.savepoint():
                if attempt():
                    found.add(way)
        return found

    return find


class TestPrivateMailbox:
    def test_owner_reads_everything(self, world, ways, as_user):
        assert ways(world.laura, world.private) >= WAYS
        assert ways(world.laura, world.private.mail_message_id) >= {"search", "search_count", "read"}
        assert as_user(world.laura, world.private.attachment_ids).raw == FILE
        assert as_user(world.laura, world.private).body
        assert ways(world.laura, world.private_broken) >= WAYS

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin", "portal"])
    def test_nobody_else_learns_anything_of_it(self, world, ways, name):
        user = getattr(world, name)
        assert ways(user, world.private) == set()
        assert ways(user, world.private.mail_message_id) <= {"export_data"}  # see the next test
        assert ways(user, world.private.attachment_ids, "name") == set()
        assert ways(user, world.private_broken) == set()
        assert ways(user, world.private.mailbox_message_ids) == set()

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_nobody_else_exports_its_body(self, world, ways, name):
        assert "export_data" not in ways(getattr(world, name), world.private.mail_message_id)

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_it_is_not_on_the_contact_for_them(self, env, world, name, as_user):
        contact = as_user(getattr(world, name), env.ref("escala_contact_rules.partner_ana"))
        assert world.private.id not in contact.synced_email_ids.ids
        assert world.shared.id in contact.synced_email_ids.ids
        company = as_user(getattr(world, name), env.ref("escala_contact_rules.partner_llamazares"))
        assert world.private.id not in company.synced_email_ids.ids

    @pytest.mark.parametrize("name", ["marcos", "nadia", "admin"])
    def test_fields_of_its_body_can_not_be_guessed(self, env, world, name):
        emails = env(user=getattr(world, name).id)["escala.email"]
        for domain in (
            [("subject", "like", "personal%")],
            [("mailbox_message_ids.subject", "like", "personal%")],
            [("mail_message_id.body", "like", "%cuesta%")],
        ):
            with suppress(AccessError):
                assert not emails.search([*domain, ("id", "=", world.private.id)])

    def test_raw_bytes_in_quarantine_are_the_owners(self, env, world, as_user):
        mine = as_user(world.laura, world.private_broken)
        assert b"personal broken" in base64.b64decode(mine.raw_for_members)
        for user in (world.laura, world.marcos, world.nadia, world.admin, world.portal):
            with pytest.raises(AccessError):
                as_user(user, world.private_broken).read(["raw"])
        # in a column, so that no attachment is another way to them
        assert not env["ir.attachment"].search(
            [("res_model", "=", "escala.mailbox.message"), ("res_field", "!=", False)]
        )

    def test_manager_decides_on_what_is_in_quarantine_and_does_not_read_it(self, world, ways, as_user):
        broken = as_user(world.admin, world.shared_broken)
        assert ways(world.admin, world.shared_broken) >= WAYS
        assert not broken.raw_for_members
        assert ways(world.admin, world.shared.mailbox_message_ids) == set()
        assert broken.action_discard()

    def test_thread_of_it_is_nobodys(self, world, as_user):
        thread = as_user(world.marcos, world.private.thread_id)
        assert not thread.search_count([("id", "=", thread.id)])
        with pytest.raises(AccessError):
            thread.read(["email_ids"])

    def test_shared_by_its_owner_it_is_read_on_the_contact(self, env, world, ways):
        mailbox = env(user=world.laura.id)["escala.mailbox"].browse(world.private_mailbox.id)
        mailbox.visibility = "shared"
        env.flush_all()
        assert ways(world.nadia, world.private) >= WAYS


class TestSharedMailbox:
    def test_member_reads_everything(self, world, ways, as_user):
        for email in (world.shared, world.shared_lead):
            assert ways(world.marcos, email) >= WAYS
            assert ways(world.marcos, email.mail_message_id) >= {"search", "search_count", "read"}
        assert as_user(world.marcos, world.shared.attachment_ids).raw == FILE
        assert ways(world.marcos, world.shared_broken) >= WAYS

    def test_who_may_read_the_contact_reads_the_mail(self, world, ways, as_user):
        assert ways(world.nadia, world.shared) >= WAYS
        assert as_user(world.nadia, world.shared.attachment_ids).raw == FILE

    def test_who_may_not_read_the_lead_does_not_read_its_mail(self, world, ways, as_user):
        assert not world.nadia.has_group("sales_team.group_sale_salesman")
        assert ways(world.nadia, world.shared_lead) == set()
        assert ways(world.nadia, world.shared_lead.mail_message_id) == set()

    def test_salesperson_who_sees_only_own_leads_does_not_read_those_of_others(self, env, world, ways):
        own = env["res.users"].create(
            {
                "name": "Own",
                "login": "own-leads",
                "group_ids": [Command.set(env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        with pytest.raises(AccessError):
            env(user=own.id)["crm.lead"].browse(world.shared_lead.lead_ids.id).read(["name"])
        assert ways(own, world.shared_lead) == set()

    def test_other_company_does_not_read_it(self, env, world, ways):
        """The contact is Nórdica's own; somebody of another company sees neither contact nor mail."""
        company = env["res.company"].create({"name": "Another"})
        stranger = env["res.users"].create(
            {
                "name": "Elsewhere",
                "login": "elsewhere",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(env.ref("base.group_user").ids)],
            }
        )
        world.shared.with_env(env).partner_ids.company_id = world.shared_mailbox.with_env(env).company_id
        env.flush_all()
        assert ways(stranger, world.shared) == set()

    def test_portal_user_reads_nothing(self, world, ways):
        for record in (world.shared, world.shared.mail_message_id, world.shared_broken):
            assert ways(world.portal, record) == set()
        assert ways(world.portal, world.shared.attachment_ids, "name") == set()

    def test_quarantine_is_not_for_everybody(self, world, ways):
        assert ways(world.nadia, world.shared_broken) == set()

    def test_who_is_no_longer_a_member_reads_no_longer(self, env, world, ways):
        world.shared_mailbox.with_env(env).member_ids = [Command.clear()]
        env.flush_all()
        assert ways(world.marcos, world.shared_broken) == set()


class TestOverHttp:
    """Through the web server's own entry point, with a session of each user."""

    @pytest.fixture
    def browser(self, odoo_database, monkeypatch, world):
        from odoo import http
        from odoo.tools import config

        monkeypatch.setitem(config.options, "dbfilter", f"^{odoo_database}$")

        def get(login):
            if login not in world.browsers:
                browser = world.browsers[login] = Browser(http.root)
                answer = browser.call(
                    "/web/session/authenticate", db=odoo_database, login=login, password=login
                )
                assert "result" in answer, answer
            return world.browsers[login]

        return get

    def test_attachment(self, world, browser):
        url = f"/web/content/{world.private.attachment_ids.id}?download=1"
        assert browser("laura").get(url).data == FILE
        for login in ("marcos", "admin", "ana-portal"):
            response = browser(login).get(url)
            assert response.status_code in (403, 404)
            assert FILE not in response.data

    def test_records_over_rpc(self, world, browser):
        for record in (world.private, world.private.mail_message_id, world.private_broken):
            arguments = {
                "model": record._name,
                "args": [record.ids, ["subject"]],
                "method": "read",
                "kwargs": {},
            }
            answer = browser("laura").call("/web/dataset/call_kw", **arguments)
            assert answer["result"][0]["subject"] == record.subject
            for login in ("marcos", "admin", "ana-portal"):
                answer = browser(login).call("/web/dataset/call_kw", **arguments)
                assert answer["error"]["data"]["name"] == "odoo.exceptions.AccessError"
                assert record.subject not in json.dumps(answer)


class Browser(Client):
    """A client of Odoo's WSGI application with a session of its own."""

    def open(self, *arguments, **options):
        return super().open(*arguments, environ_base={"REMOTE_ADDR": "127.0.0.1"}, **options)

    def call(self, url: str, **params) -> dict:
        return self.post(url, json={"jsonrpc": "2.0", "method": "call", "params": params}).get_json()


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
