"""Who sees what of synchronised mail: everybody, through every door, in every state. The rules are in docs/privacy.md.

Doors are HTTP requests to a running Odoo. The tables say whom each lets through; anything else is a leak, or a
reader who is kept out.
"""

from types import SimpleNamespace

import pytest
import requests

from odoo import Command

from setup import odoo, paths, web_server
from tests.conftest import make_mailbox
from tests.oauth.visitor import Visitor
from tests.sync.access.doors import (
    BODY,
    CLOSED,
    FILE,
    PEOPLE_ONLY,
    PNG,
    READERS,
    READERS_AT_MOST,
    WORD,
    Email,
    passes,
)
from tests.sync.support import compose, deliver, ledger, sync

GROUPS = {
    "owner": "sales_team.group_sale_salesman_all_leads",
    "member": "sales_team.group_sale_salesman_all_leads",
    "salesperson": "sales_team.group_sale_salesman_all_leads",
    "own documents": "sales_team.group_sale_salesman",
    "administrator": "base.group_system",
    "portal": "base.group_portal",
}
ROLES = (*GROUPS, "public")
OUTSIDERS = ("portal", "public")
COLLEAGUES = [role for role in ROLES if role not in OUTSIDERS]

NOBODY = frozenset()
OWNER = frozenset({"owner"})
PEOPLE = OWNER | {"member"}
SEE_LEAD = PEOPLE | {"salesperson", "administrator"}
SEE_CONTACT = SEE_LEAD | {"own documents"}

# Of each state: who reads the e-mail of the contact, who the one of the lead, and whose mailbox it is.
STATES = {
    "private": (OWNER, OWNER, OWNER),
    "shared": (SEE_CONTACT, SEE_LEAD, PEOPLE),
    "contact hidden": (PEOPLE, SEE_LEAD, PEOPLE),
    "company hidden": (PEOPLE, SEE_LEAD, PEOPLE),
    "lead hidden": (SEE_CONTACT, PEOPLE, PEOPLE),
    "conversations hidden": (PEOPLE, PEOPLE, PEOPLE),
    "conversations shown": (SEE_CONTACT, SEE_LEAD, PEOPLE),
    "private again": (OWNER, OWNER, OWNER),
    "messages shared": (SEE_CONTACT, SEE_LEAD, OWNER),
    "messages shared, contact hidden": (OWNER, SEE_LEAD, OWNER),
    "no longer shared": (OWNER, OWNER, OWNER),
    "conversations shared": (SEE_CONTACT, SEE_LEAD, OWNER),
    "conversations no longer shared": (OWNER, OWNER, OWNER),
}

# For them all states in which colleagues read it are alike; a request costs time.
STATES_FOR_OUTSIDERS = ("private", "shared", "messages shared")


class Stranger(Visitor):
    """Somebody who is not logged in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()


@pytest.fixture(scope="module")
def web(postgres_server, odoo_database):
    config = odoo.configure(postgres_server, odoo_database)
    try:
        with web_server.running(config, odoo_database, paths.LOGS / f"{odoo_database}.log") as server:
            yield server.url
    finally:
        config.unlink()


@pytest.fixture(scope="module")
def world(module_env, dovecot, web):
    """A mailbox of the owner's with two e-mails: one of a contact, one that made a lead; and a visitor of each role."""
    env = module_env
    company = env["res.partner"].create({"name": "Minas", "is_company": True})
    contact = env["res.partner"].create(
        {"name": "Gema", "email": "gema@minas.example", "parent_id": company.id}
    )
    users = {}
    for role, group in GROUPS.items():
        login = f"{role.replace(' ', '-')}@nordica.example"
        export = [env.ref("base.group_allow_export").id] if role != "portal" else []
        users[role] = env["res.users"].create(
            {
                "name": role,
                "login": login,
                "password": login,
                "email": login,
                "lang": "en_US",
                "group_ids": [Command.set([env.ref(group).id, *export])],
                **({"partner_id": contact.id, "email": contact.email} if role == "portal" else {}),
            }
        )
    users["administrator"].group_ids = [Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id)]
    before = counters(env, contact)
    last_notification = max(env["bus.bus"].search([]).ids, default=0)
    mailbox = make_mailbox(env, dovecot, "who@nordica.example", user_id=users["owner"].id)
    deliver(
        dovecot,
        mailbox.email,
        [
            compose(
                sender,
                f"{WORD} {number}",
                text=f"{BODY} {number}\n",
                Message_ID=f"<{number}@minas.example>",
                attachments=[(f"{FILE}{number}.png", "image/png", PNG)],
            )
            for number, sender in enumerate(("gema@minas.example", "nuevo@cantera.example"), 1)
        ],
    )
    sync(mailbox)
    emails = ledger(mailbox).email_id.sorted("subject")
    lead = emails[1].lead_ids
    assert (emails[0].partner_ids, lead.user_id) == (contact, users["owner"])
    env.cr.commit()
    visitors = {role: Visitor(web, user.login) for role, user in users.items()}
    return SimpleNamespace(
        env=env,
        users=users,
        visitors={**visitors, "public": Stranger(web)},
        mailbox=mailbox,
        contact=contact,
        company=company,
        lead=lead,
        emails=emails,
        counters_before=before,
        last_notification=last_notification,
        seen=[
            Email(
                email.id,
                email.mail_message_id.id,
                email.message_id,
                email.attachment_ids.id,
                (email.attachment_ids._get_raw_access_token(), *email.attachment_ids.generate_access_token()),
                email.thread_id.id,
                document,
                (f"{WORD} {number}", f"{BODY} {number}", f"{FILE}{number}"),
            )
            for number, email, document in zip((1, 2), emails, (contact, lead), strict=True)
        ],
    )


def counters(env, contact) -> dict:
    names = [
        "message_ids",
        "message_needaction_counter",
        "message_has_error_counter",
        "message_attachment_count",
    ]
    return contact.with_env(env).read(names)[0]


def put_into(world, state: str) -> None:
    """Switch from the state before to this one, each switch by somebody who may."""
    env, mailbox = world.env, world.mailbox
    owner, member = world.users["owner"].id, world.users["member"].id
    emails = world.emails.with_user(owner)
    contact = world.contact.with_user(world.users["administrator"])
    match state:
        case "shared":
            mailbox.with_user(owner).write({"visibility": "shared", "member_ids": [Command.set([member])]})
        case "contact hidden":
            contact.hide_emails = True
        case "company hidden":
            contact.hide_emails = False
            world.company.hide_emails = True
        case "lead hidden":
            world.company.hide_emails = False
            world.lead.with_user(owner).hide_emails = True
        case "conversations hidden":
            world.lead.with_user(owner).hide_emails = False
            world.emails.with_user(member).action_hide_conversation()
        case "conversations shown":
            emails.action_show_conversation()
        case "private again":
            mailbox.with_user(owner).write({"member_ids": [Command.clear()], "visibility": "private"})
        case "messages shared":
            emails.action_share()
        case "messages shared, contact hidden":
            contact.hide_emails = True
        case "no longer shared":
            contact.hide_emails = False
            emails.action_stop_sharing()
        case "conversations shared":
            emails.action_share_conversation()
        case "conversations no longer shared":
            emails.action_stop_sharing_conversation()
    env.cr.commit()
    env.invalidate_all()


def test_every_role_through_every_door_in_every_state(world):
    wrong = []
    for state, (of_contact, of_lead, people) in STATES.items():
        put_into(world, state)
        for role in ROLES if state in STATES_FOR_OUTSIDERS else COLLEAGUES:
            visitor = world.visitors[role]
            for email, readers in zip(world.seen, (of_contact, of_lead), strict=True):
                kind = email.document._name
                for doors, allowed, must in (
                    (READERS, readers, True),
                    (READERS_AT_MOST, readers, False),
                    (PEOPLE_ONLY, people, True),
                    (CLOSED, NOBODY, False),
                ):
                    for door in doors:
                        passed = passes(door, visitor, email)
                        if passed and role not in allowed:
                            wrong.append(f"{state}: {role} LEARNS of the e-mail of {kind} {door.__name__}")
                        elif must and not passed and role in allowed:
                            wrong.append(f"{state}: {role} is KEPT from the e-mail of {kind} {door.__name__}")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_of_the_portal_tells(world, role):
    put_into(world, "shared")
    visitor = world.visitors[role]
    for page in ("/my", "/my/home", "/my/account"):
        text = visitor.session.get(f"{visitor.url}{page}", timeout=60).text
        assert not [email for email in world.seen if email.is_told_by(text)]


def test_no_counter_of_the_contact_tells(world):
    world.env.cr.rollback()
    now = counters(world.env, world.contact)
    assert now == world.counters_before


def test_no_notification_tells_anybody(world):
    world.env.cr.rollback()
    sent = world.env["bus.bus"].search([("id", ">", world.last_notification)])
    assert sent
    assert not [bus.channel for bus in sent for email in world.seen if email.is_told_by(bus.message)]
