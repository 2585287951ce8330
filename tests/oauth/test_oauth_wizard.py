"""The wizard and signing in: what was chosen is saved when the browser comes back with the right account, or never."""

import pytest

from tests.oauth.conftest import GROUP_MANAGER, refresh
from tests.oauth.visitor import Visitor


@pytest.fixture
def start(env, web, owner, provider, dovecot):
    """Begin the wizard as the owner, up to signing in with Google."""

    def start(user=owner, **values):
        dovecot.create_user(user.login)
        provider.accounts[:] = [user.login, "somebody-else@nordica.example"]
        wizard = (
            env["escala.mailbox.wizard"]
            .with_user(user)
            .with_context(default_kind=values.pop("kind", "personal"))
            .create({"email": user.login, **values})
        )
        wizard.action_sign_in_google()
        env.cr.commit()
        return wizard

    return start


def leave(wizard, visitor):
    """Finish the wizard, which leads to the provider's page."""
    page = visitor.get(wizard.action_finish()["url"])
    refresh(wizard)
    return page


def find(env, address: str):
    env.cr.rollback()
    return env["escala.mailbox"].with_context(active_test=False).search([("email", "=", address)])


def test_mailbox_is_made_when_the_browser_comes_back(env, start, owner, visitor):
    wizard = start(scope="known")
    callback = visitor.decide(leave(wizard, visitor), owner.login)
    assert not find(env, owner.login)
    arrival = visitor.arrive(callback)
    mailbox = find(env, owner.login)
    assert arrival.location == f"/odoo/mailboxes/{mailbox.id}"
    assert (mailbox.state, mailbox.scope, mailbox.user_id) == ("connected", "known", owner)
    assert mailbox.company_id == owner.company_id


def test_shared_one_is_the_managers_to_make_in_the_company_that_was_worked_in(env, web, start, make_user):
    manager = make_user(GROUP_MANAGER)
    other = env["res.company"].create({"name": "Nordica Sur"})
    manager.company_ids |= other
    wizard = start(manager, kind="shared", company_id=other.id)
    visitor = Visitor(web, manager.login)
    visitor.arrive(visitor.decide(leave(wizard, visitor), manager.login))
    mailbox = find(env, manager.login)
    assert (mailbox.state, mailbox.kind, mailbox.company_id) == ("connected", "shared", other)
    assert not mailbox.user_id


def test_giving_up_leaves_nothing(env, start, owner, visitor):
    leave(start(), visitor)
    assert not find(env, owner.login)


@pytest.mark.parametrize(
    ("account", "decision"),
    [("", "deny"), ("somebody-else@nordica.example", "allow")],
    ids=["denied", "other"],
)
def test_what_fails_leaves_nothing_and_can_be_begun_again(env, start, owner, visitor, account, decision):
    wizard = start()
    page = leave(wizard, visitor)
    arrival = visitor.arrive(visitor.decide(page, account or owner.login, decision))
    assert arrival.status == 200
    assert owner.login in arrival.text
    assert not find(env, owner.login)
    visitor.arrive(visitor.decide(leave(wizard, visitor), owner.login))
    assert find(env, owner.login).state == "connected"


def test_mailbox_that_is_reconnected_stays_as_it_was_until_then(env, connected, start, visitor):
    mailbox, owner = connected, connected.user_id
    wizard = start(owner, mailbox_id=mailbox.id, scope="known")
    visitor.arrive(visitor.decide(leave(wizard, visitor), owner.login, "deny"))
    refresh(mailbox)
    assert (mailbox.state, mailbox.scope, mailbox.is_signed_in) == ("connected", "everyone", True)
    visitor.arrive(visitor.decide(leave(wizard, visitor), owner.login))
    refresh(mailbox)
    assert (mailbox.state, mailbox.scope) == ("connected", "known")


def test_what_cannot_be_saved_any_more_is_told(env, start, owner, visitor):
    callback = visitor.decide(leave(start(), visitor), owner.login)
    other = env["escala.mailbox"].create(
        {"email": f"other.{owner.login}", "user_id": owner.id, "imap_host": "imap.nordica.example"}
    )
    env.cr.commit()
    arrival = visitor.arrive(callback)
    assert f"You have connected {other.email}" in arrival.text
    assert not find(env, owner.login)


def test_nobody_signs_in_by_the_wizard_of_another(env, start, web, make_user):
    wizard = start()
    for user in (make_user(), make_user(GROUP_MANAGER)):
        answer = Visitor(web, user.login).session.get(f"{web}/escala/oauth/connect/{wizard.id}", timeout=60)
        assert answer.status_code == 403
