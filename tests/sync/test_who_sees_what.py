"""Who sees what of synchronised mail: everybody, through every door, in every state. The rules are in docs/privacy.md.

Doors are HTTP requests to a running Odoo. The tables say whom each lets through; anything else is a leak, or a
reader who is kept out.
"""

import base64
import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import requests

from odoo import Command
from odoo.models import BaseModel

from setup import odoo, paths, web_server
from tests.conftest import make_mailbox
from tests.oauth.visitor import CallError, Visitor
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

WORD, BODY, FILE = "Zafiro", "Topacio", "opalo"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REFUSALS = {
    "odoo.exceptions.AccessError",
    "odoo.exceptions.UserError",  # exporting
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.Forbidden",
    "werkzeug.exceptions.NotFound",
    "builtins.AttributeError",  # a route of the chatter, asked for a document that has none
}


# ------------------------------------------------------------
# DOORS: each tells whether the visitor learns of the e-mail
# ------------------------------------------------------------


def by_form(visitor, email):
    fields = {"subject": {}, "body": {}, "seen_by": {}, "attachment_ids": {"fields": {"name": {}}}}
    return email.is_told_by(visitor.call("escala.email", "web_read", [email.id], specification=fields))


def by_list(visitor, email):
    domain = [("id", "=", email.id)]
    return visitor.call("escala.email", "web_search_read", domain=domain, specification={"subject": {}})[
        "length"
    ]


def by_word(visitor, email):
    return email.id in visitor.call("escala.email", "search", [("subject", "ilike", WORD)])


def by_word_of_the_body(visitor, email):
    return email.id in visitor.call("escala.email", "search", [("mail_message_id.body", "ilike", BODY)])


def by_count(visitor, email):
    return visitor.call("escala.email", "search_count", [("id", "=", email.id)])


def by_formatted_read_group(visitor, email):
    groups = visitor.call(
        "escala.email", "formatted_read_group", [("id", "=", email.id)], ["subject"], ["__count"]
    )
    return any(group["__count"] for group in groups)


def by_read_group(visitor, email):
    return visitor.call("escala.email", "read_group", [("id", "=", email.id)], ["subject"], ["subject"])


def by_name_search(visitor, email):
    return email.id in [id_ for id_, _name in visitor.call("escala.email", "name_search", WORD)]


def by_export(visitor, email):
    return email.is_told_by(visitor.call("escala.email", "export_data", [email.id], ["subject"]))


def by_filter_shared(visitor, email):
    domain = [("id", "=", email.id), ("is_shared", "in", [True, False])]
    return visitor.call("escala.email", "search_count", domain)


def by_contact_or_lead(visitor, email):
    document = email.document
    [values] = visitor.call(document._name, "read", [document.id], ["synced_email_ids"])
    return email.id in values["synced_email_ids"]


def by_message(visitor, email):
    return email.is_told_by(
        visitor.call("mail.message", "read", [email.message], ["body", "subject", "record_name"])
    )


def by_message_export(visitor, email):
    return email.is_told_by(visitor.call("mail.message", "export_data", [email.message], ["body"]))


def by_message_search(visitor, email):
    return visitor.call("mail.message", "search_read", [("id", "=", email.message)], ["body"])


def by_messages_of_emails(visitor, email):
    return email.message in visitor.call("mail.message", "search", [("model", "=", "escala.email")])


def by_message_count(visitor, email):
    return visitor.call("mail.message", "search_count", [("body", "ilike", BODY), ("res_id", "=", email.id)])


def by_file(visitor, email):
    return visitor.call("ir.attachment", "read", [email.file], ["name", "datas"])


def by_file_search(visitor, email):
    return visitor.call("ir.attachment", "search_read", [("id", "=", email.file)], ["name"])


def by_files_of_emails(visitor, email):
    return email.file in visitor.call("ir.attachment", "search", [("res_model", "=", "escala.email")])


def by_file_name(visitor, email):
    return email.file in visitor.call("ir.attachment", "search", [("name", "ilike", FILE)])


def by_content(visitor, email):
    return is_served(visitor, f"/web/content/{email.file}?download=1")


def by_content_with_a_token(visitor, email):
    return is_served(visitor, f"/web/content/{email.file}?access_token=3f1c&download=1")


def by_content_with_a_token_of_old(visitor, email):
    """With the tokens that whoever could see the file once may have kept: Odoo's own, signed or stored."""
    return any(
        is_served(visitor, f"/web/content/{email.file}?access_token={token}&download=1") for token in email.tokens
    )


def by_image_with_a_token_of_old(visitor, email):
    return any(is_served(visitor, f"/web/image/{email.file}?access_token={token}") for token in email.tokens)


def by_image(visitor, email):
    return is_served(visitor, f"/web/image/{email.file}")


def by_image_of_a_size(visitor, email):
    return (
        visitor.session.get(f"{visitor.url}/web/image/{email.file}/1x1", timeout=60).content[:60] == PNG[:60]
    )


def by_conversation(visitor, email):
    return visitor.call("escala.email.thread", "search_count", [("id", "=", email.thread)])


def by_emails_of_conversation(visitor, email):
    [values] = visitor.call("escala.email.thread", "read", [email.thread], ["email_ids"])
    return email.id in values["email_ids"]


def by_reference(visitor, email):
    return visitor.call("escala.email.reference", "search_count", [("message_id", "=", email.message_id)])


def by_ledger(visitor, email):
    return visitor.call("escala.mailbox.message", "search_count", [("email_id", "=", email.id)])


def by_subject_in_ledger(visitor, email):
    return email.is_told_by(
        visitor.call("escala.mailbox.message", "search_read", [("email_id", "=", email.id)], ["subject"])
    )


def by_who_shares(visitor, email):
    return visitor.call("escala.email", "search_count", [("shared_by_mailbox_ids", "!=", False)])


def by_copies(visitor, email):
    return visitor.call("escala.email", "search_count", [("mailbox_message_ids.subject", "ilike", WORD)])


def by_addresses(visitor, email):
    return visitor.call("escala.email", "search_count", [("addresses", "ilike", "example")])


def by_activities(visitor, email):
    fields = ["summary", "note", "display_name", "feedback"]
    domain = [("res_model", "=", email.document._name), ("res_id", "=", email.document.id)]
    return email.is_told_by(visitor.call("mail.activity", "search_read", domain, fields))


def by_name_of_the_document(visitor, email):
    document = email.document
    return email.is_told_by(visitor.call(document._name, "read", [document.id], ["display_name"]))


def by_data_of_the_chatter(visitor, email):
    return email.is_told_by(ask_for_chatter(visitor, email.document._name, email.document.id))


def by_data_of_the_email(visitor, email):
    return email.is_told_by(ask_for_chatter(visitor, "escala.email", email.id))


def by_messages_of_the_chatter(visitor, email):
    document = email.document
    return email.is_told_by(
        ask(visitor, "/mail/thread/messages", thread_model=document._name, thread_id=document.id)
    )


def by_messages_of_the_email(visitor, email):
    return email.is_told_by(
        ask(visitor, "/mail/thread/messages", thread_model="escala.email", thread_id=email.id)
    )


READERS = (  # these let through whoever may read the e-mail, and nobody else
    by_form,
    by_list,
    by_word,
    by_word_of_the_body,
    by_count,
    by_formatted_read_group,
    by_read_group,
    by_name_search,
    by_export,
    by_filter_shared,
    by_contact_or_lead,
    by_message,
    by_message_search,
    by_messages_of_emails,
    by_message_count,
    by_file,
    by_file_search,
    by_files_of_emails,
    by_file_name,
    by_content,
    by_image,
    by_conversation,
    by_emails_of_conversation,
)
READERS_AT_MOST = (  # these may tell something, but to nobody else
    by_message_export,
    by_content_with_a_token,
    by_content_with_a_token_of_old,
    by_image_with_a_token_of_old,
    by_image_of_a_size,
    by_activities,
    by_name_of_the_document,
    by_data_of_the_chatter,
    by_data_of_the_email,
    by_messages_of_the_chatter,
    by_messages_of_the_email,
)
PEOPLE_ONLY = (by_ledger, by_subject_in_ledger)  # whose mailbox it is
CLOSED = (by_reference, by_who_shares, by_copies, by_addresses)


@dataclass
class Email:
    """What there is of an e-mail: ids, the contact or lead that it is linked with, and words that no other one has."""

    id: int
    message: int
    message_id: str
    file: int
    tokens: tuple[str, ...]
    thread: int
    document: BaseModel
    secrets: tuple[str, ...]

    def is_told_by(self, answer) -> bool:
        """Tell whether any of its words are in an answer."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return any(secret in text for secret in self.secrets)


def is_served(visitor, path: str) -> bool:
    return visitor.session.get(f"{visitor.url}{path}", timeout=60).content == PNG


def ask(visitor, path: str, **params):
    """Ask a JSON route; return what it says, or raise with the name of the exception that it answers with."""
    answer = visitor.session.post(
        f"{visitor.url}{path}", json={"jsonrpc": "2.0", "params": params}, timeout=60
    )
    if not answer.headers["Content-Type"].startswith("application/json"):
        return answer.text  # a page that says no
    if "error" in answer.json():
        raise CallError(answer.json()["error"]["data"]["name"])
    return answer.json()["result"]


def ask_for_chatter(visitor, model: str, id_: int):
    lists = ["activities", "attachments", "followers", "suggestedRecipients"]
    return ask(visitor, "/mail/thread/data", thread_model=model, thread_id=id_, request_list=lists)


def passes(door, visitor, email) -> bool:
    try:
        return bool(door(visitor, email))
    except CallError as refusal:
        if str(refusal) not in REFUSALS:
            raise
        return False


# ------------------------------------------------------------
# WORLD AND STATES
# ------------------------------------------------------------


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
