"""Who may read synchronised mail, whichever way they ask."""

import base64
import json
from contextlib import suppress

import pytest
from werkzeug.test import Client

from odoo import Command
from odoo.exceptions import AccessError, UserError

from tests.sync.access.conftest import FILE

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
        emails = as_user(getattr(world, name), env["escala.email"])
        contact = env.ref("escala_contact_rules.partner_ana")
        of_contact = emails.search([("partner_ids", "child_of", contact.id)])
        assert world.private.id not in of_contact.ids
        assert world.shared.id in of_contact.ids
        of_company = emails.search([("partner_ids", "child_of", contact.parent_id.id)])
        assert world.private.id not in of_company.ids

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
