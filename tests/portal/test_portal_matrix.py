"""Who reaches what in the portal, written in one table.

A row is a request for one document. It is made for the document of each account, as a client who is in ACTIVE, and
for the one of ACTIVE as people who are not let in. Another add-on's pages are added as rows, and what they show to
tests/portal/accounts.py.
"""

import re

import pytest

from setup import odoo_env
from tests.portal import accounts, links
from tests.portal.accounts import ACTIVE, FOREIGN, OTHER, REVOKED
from tests.portal.table import ACCOUNTS, NOT_IN_TABLE, TABLE
from tests.portal.visitor import ALLOWED, DENIED, outcome


@pytest.mark.parametrize("name", TABLE)
def test_who_reaches_what(name, client, pending, deactivated, public, documents, odoo_database):
    request, expected = TABLE[name]
    tries = [(client, documents[account]) for account in ACCOUNTS]
    tries += [(visitor, documents[ACTIVE]) for visitor in (pending, deactivated, public)]
    got = []
    for visitor, target in tries:
        before = fingerprint(odoo_database, target)
        response = request(visitor, target)
        got.append(outcome(response, target.marker))
        if got[-1] != ALLOWED:
            assert fingerprint(odoo_database, target) == before, "it was denied and done all the same"
        for elsewhere in (OTHER, REVOKED, FOREIGN):
            assert documents[elsewhere].marker not in response.text, elsewhere
    assert tuple(got) == expected


def fingerprint(odoo_database, target):
    with odoo_env.environment(odoo_database) as env:
        return accounts.fingerprint(env, target)


def test_a_foreign_document_looks_like_one_that_does_not_exist(client, documents):
    for path, id_ in (
        ("orders", "order"),
        ("invoices", "invoice"),
        ("tasks", "task"),
        ("projects", "project"),
    ):
        foreign = client.get(f"/my/{path}/{getattr(documents[FOREIGN], id_)}")
        missing = client.get(f"/my/{path}/999999")
        assert (foreign.status_code, foreign.url) == (missing.status_code, missing.url), path


def test_counters_and_lists_follow_the_switch(client, documents):
    counters = ["quotation_count", "order_count", "invoice_count", "project_count", "task_count"]
    try:
        for name in (OTHER, ACTIVE):
            client.enter(documents[name].account)
            counted = client.rpc("/my/counters", counters=[*counters, "overdue_invoice_count"]).json()[
                "result"
            ]
            assert counted == dict.fromkeys([*counters, "overdue_invoice_count"], 1), name
            assert documents[name].marker in client.get("/my/orders").text
    finally:
        client.enter(documents[ACTIVE].account)


def test_the_arrows_of_a_document_lead_to_nothing_that_was_taken_away(client, documents, odoo_database):
    """Odoo keeps the last list in the session, and puts access tokens into the links to its neighbours."""
    other = documents[OTHER]
    with odoo_env.environment(odoo_database) as env:
        row = env["escala.account.contact"].search([("account_id", "=", other.account)])
        token = env["sale.order"].browse(other.order)._portal_ensure_token()
        env.cr.commit()
        by_link = f"/my/orders/{other.order}?access_token={token}"
        neighbour = f"/my/orders/{other.second_order}?access_token="
        try:
            client.enter(other.account)
            client.get("/my/orders")
            assert neighbour in client.get(by_link).text
            row.login = False
            env.cr.commit()
            seen = client.get(by_link).text
            assert other.marker in seen  # a link with a token stays one
            assert neighbour not in seen
        finally:
            row.login = True
            env.cr.commit()
            client.enter(documents[ACTIVE].account)


@pytest.fixture(scope="module")
def link_tokens(odoo_database, documents):
    with odoo_env.environment(odoo_database) as env:
        tokens = links.make(env, documents)
        env.cr.commit()
    return tokens


@pytest.mark.parametrize("name", links.LINKS)
def test_what_a_link_without_login_opens(name, public, documents, link_tokens, odoo_database):
    request, expected, decided = links.LINKS[name]
    target = documents[FOREIGN]
    got = []
    for kind in links.KINDS:
        with odoo_env.environment(odoo_database) as env:
            links.allow(env, kind != "turned off")
        before = fingerprint(odoo_database, target)
        response = request(public, link_tokens[kind], target.own)
        got.append(outcome(response, target.marker))
        if decided:
            document, state = decided
            with odoo_env.environment(odoo_database) as env:
                is_done = env["escala.document"].browse(target.own[document]).state == state
            got[-1] = ALLOWED if is_done else DENIED
        elif got[-1] == DENIED:
            assert fingerprint(odoo_database, target) == before, kind
    assert tuple(got) == expected


def test_clients_have_no_access_to_the_models(client, odoo_database):
    """Whatever the record, the model is closed, except for what the table lets clients read."""
    with odoo_env.environment(odoo_database) as env:
        models = sorted(
            name for name, model in env.items() if name.startswith("escala.") and not model._abstract
        )
    values = {"name": "a.txt", "content": "eA==", "account_id": 1}
    calls = {"read": [[1], ["display_name"]], "write": [[1], {}], "create": [values], "unlink": [[1]]}
    refusals = ("odoo.exceptions.AccessError", "odoo.exceptions.UserError")
    answers = {
        (model, method): client.call(model, method, *arguments).json()
        for model in models
        for method, arguments in calls.items()
    }
    assert not {
        call
        for call, answer in answers.items()
        if answer.get("error", {}).get("data", {}).get("name") not in refusals
    }


def test_every_page_of_the_portal_is_in_the_table(odoo_database):
    with odoo_env.environment(odoo_database) as env:
        rules = env["ir.http"]._generate_routing_rules(sorted(env.registry._init_modules), converters={})
        pages = {
            url
            for url, endpoint in rules
            if "/page/" not in url
            and ".tests." not in endpoint.func.__module__
            and (url.startswith("/my") or "escala_client_portal" in endpoint.func.__module__)
        }
    tried = {name.split(" ")[0] for name in TABLE} | links.LINKS.keys()
    assert {page for page in pages if not tried.issuperset(spell_out(page))} == NOT_IN_TABLE.keys()


def spell_out(page):
    """Return the paths of a route as the table has them: each choice on its own, `<id>` for whatever else varies."""
    choice = re.search(r"<any\(([^)]*)\):?\w*>", page)
    if choice:
        parts = [part.strip() for part in choice[1].split(",")]
        return {path for part in parts for path in spell_out(page.replace(choice[0], part))}
    return {re.sub(r"<[^>]*>", "<id>", page)}
