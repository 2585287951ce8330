"""Nobody reads a token: not the owner, not the administrator, whichever way they ask."""

import pytest

from tests.oauth.conftest import GROUP_MANAGER, refresh
from tests.oauth.visitor import CallError, Visitor

DENIED = "odoo.exceptions.AccessError"
TOKEN_FIELDS = ["refresh_token_encrypted", "access_token_encrypted", "expires_on"]


@pytest.fixture(params=["owner", "manager", "admin"])
def reader(request, connected, web, owner, make_user):
    """Whoever might ask, logged in."""
    logins = {"owner": lambda: owner.login, "admin": lambda: "admin"}
    return Visitor(web, logins.get(request.param, lambda: make_user(GROUP_MANAGER).login)())


def denied(visitor, *call, **options) -> bool:
    """Tell whether Odoo refuses the call; what it answers else is shown by the assertion."""
    try:
        answer = visitor.call(*call, **options)
    except CallError as error:
        return str(error) == DENIED
    raise AssertionError(f"{call} answers {answer}")


def test_tokens_cannot_be_reached_by_themselves(connected, reader):
    token = connected.oauth_token_ids
    for name in TOKEN_FIELDS:
        assert denied(reader, "escala.oauth.token", "read", [token.id], [name])
        assert denied(reader, "escala.oauth.token", "search_count", [(name, "!=", False)])
        assert denied(reader, "escala.oauth.token", "export_data", [token.id], [name])
    assert denied(reader, "escala.oauth.token", "web_search_read", [], {})
    assert denied(reader, "escala.oauth.token", "search", [])
    assert denied(reader, "escala.oauth.token", "formatted_read_group", [], ["mailbox_id"])
    assert denied(reader, "escala.oauth.token", "write", [token.id], {"access_token_encrypted": "x"})
    assert denied(reader, "escala.oauth.token", "create", [{"mailbox_id": connected.id}])
    assert denied(reader, "escala.oauth.token", "unlink", [token.id])


def test_tokens_cannot_be_reached_through_the_mailbox(connected, reader):
    mailbox = connected.id
    assert denied(reader, "escala.mailbox", "read", [mailbox], ["oauth_token_ids"])
    assert denied(reader, "escala.mailbox", "search_count", [("oauth_token_ids", "!=", False)])
    assert denied(
        reader, "escala.mailbox", "search", [("oauth_token_ids.refresh_token_encrypted", "=like", "g%")]
    )
    assert denied(
        reader, "escala.mailbox", "export_data", [mailbox], ["oauth_token_ids/refresh_token_encrypted"]
    )
    assert denied(reader, "escala.mailbox", "write", [mailbox], {"oauth_token_ids": [(5, 0, 0)]})
    specification = {"oauth_token_ids": {"fields": {"access_token_encrypted": {}}}}
    assert denied(reader, "escala.mailbox", "web_read", [mailbox], specification)


def test_methods_that_handle_tokens_cannot_be_called(connected, reader):
    for name in ("_get_credentials", "_get_oauth_token", "_get_oauth_client", "_complete_sign_in"):
        assert denied(reader, "escala.mailbox", name, [connected.id])
    for name in ("_get_access_token", "_decrypt", "_store"):
        assert denied(reader, "escala.oauth.token", name, [connected.oauth_token_ids.id])


def test_sign_ins_under_way_cannot_be_read(connected, reader, visitor):
    visitor.begin(connected)
    refresh(connected)
    state = connected.env["escala.oauth.state"].search([("mailbox_id", "=", connected.id)], limit=1)
    assert state
    assert denied(reader, "escala.oauth.state", "read", [state.id], ["code_verifier_encrypted"])
    assert denied(reader, "escala.oauth.state", "search_count", [])


def test_only_administrators_see_what_the_provider_knows_this_odoo_by(owner, web, connected):
    assert denied(Visitor(web, owner.login), "ir.config_parameter", "get_param", "google_gmail_client_secret")


def test_nothing_in_the_database_can_be_used_without_the_key(env, connected, provider, visitor):
    page = visitor.begin(connected)
    state = page.xpath("//input[@name='state']/@value")[0]
    env.cr.rollback()
    env.cr.execute("SELECT to_jsonb(t)::text FROM escala_oauth_token t")
    rows = str(env.cr.fetchall())
    env.cr.execute("SELECT to_jsonb(s)::text FROM escala_oauth_state s")
    rows += str(env.cr.fetchall())
    for token in (connected._get_credentials()["access_token"], *provider.refresh_tokens, state):
        assert token not in rows


def test_copy_of_a_mailbox_is_not_signed_in(connected):
    assert not connected.copy({"email": "copy@nordica.example", "user_id": connected.env.uid}).is_signed_in
