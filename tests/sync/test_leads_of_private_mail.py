"""What a lead tells that a private mailbox has made: that there is somebody, and nothing of an e-mail."""

import json

import pytest

from odoo import Command
from odoo.tools.json import json_default

from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, sync

WORDS = ("Zafiro", "Topacio", "opalo")


@pytest.fixture
def domain(login):
    """Of strangers whom no other test has made leads of."""
    return f"{login.partition('@')[0]}.example"


@pytest.fixture
def people(env, login):
    """The owner of the mailbox, a salesperson who sees all leads and one who sees their own."""
    groups = {"owner": "", "all": "_all_leads", "own": ""}
    return {
        name: env["res.users"].create(
            {
                "name": name,
                "login": f"{name}.{login}",
                "lang": "en_US",
                "group_ids": [Command.set([env.ref(f"sales_team.group_sale_salesman{suffix}").id])],
            }
        )
        for name, suffix in groups.items()
    }


def receive(mailbox, dovecot, sender: str):
    """Bring in an e-mail of somebody unknown, and return the lead that it makes."""
    deliver(
        dovecot,
        mailbox.email,
        [compose(sender, WORDS[0], text=WORDS[1], attachments=[(WORDS[2], "text/plain", b"x")])],
    )
    sync(mailbox)
    [lead] = ledger(mailbox).email_id.lead_ids
    return lead


def tell(lead) -> str:
    """Return all that somebody who sees the lead can read of it, in all fields, its chatter and activities."""
    lead.invalidate_recordset()
    values = lead.read([name for name in lead.fields_get() if name != "user_id"])
    messages = lead.message_ids.read(["body", "subject", "preview", "record_name", "email_from"])
    activities = lead.activity_ids.read(["summary", "note"])
    tracked = lead.sudo().message_ids.tracking_value_ids.read([])
    return json.dumps([values, messages, activities, tracked], default=json_default)


def test_lead_of_a_private_mailbox_tells_nothing_of_an_email(env, dovecot, login, domain, people):
    mailbox = make_mailbox(env, dovecot, login, user_id=people["owner"].id)
    for sender, name in ((f"Noa Gil <noa@{domain}>", "Noa Gil"), (f"eva@{domain}",) * 2):
        lead = receive(mailbox, dovecot, sender)
        mailbox.folder_ids.message_ids.unlink()
        assert (lead.name, lead.user_id) == (name, people["owner"])
        told = tell(lead.with_user(people["all"]).with_context(lang="en_US"))
        assert not [word for word in (*WORDS, login, "E-mail from") if word in told]
        assert not any(
            lead[name] for name in ("description", "source_id", "medium_id", "campaign_id", "referred")
        )
        assert not env["crm.lead"].with_user(people["own"]).search([("id", "=", lead.id)])


def test_lead_of_a_private_mailbox_of_several_people_is_one_of_theirs(env, dovecot, login, domain, people):
    mailbox = make_mailbox(
        env,
        dovecot,
        login,
        kind="shared",
        user_id=False,
        visibility="private",
        member_ids=people["owner"].ids,
    )
    assert receive(mailbox, dovecot, f"noa@{domain}").user_id == people["owner"]


def test_mailbox_that_becomes_private_takes_the_subject_back(env, dovecot, login, domain, people):
    mailbox = make_mailbox(env, dovecot, login, user_id=people["owner"].id, visibility="shared")
    lead = receive(mailbox, dovecot, f"Noa Gil <noa@{domain}>")
    assert lead.name == WORDS[0]
    mailbox.with_user(people["owner"]).visibility = "private"
    assert lead.name == "Noa Gil"
    assert not [word for word in WORDS if word in tell(lead.with_user(people["all"]))]
    assert env["escala.lead.origin"]._filter_untouched(lead) == lead


def test_name_that_somebody_has_chosen_stays(env, dovecot, login, domain, people):
    mailbox = make_mailbox(env, dovecot, login, user_id=people["owner"].id, visibility="shared")
    lead = receive(mailbox, dovecot, f"noa@{domain}")
    lead.name = "Cantera"
    mailbox.with_user(people["owner"]).visibility = "private"
    assert lead.name == "Cantera"


def test_subject_stays_where_another_mailbox_shares_the_email(env, dovecot, login, domain, people):
    mailbox = make_mailbox(env, dovecot, login, user_id=people["owner"].id, visibility="shared")
    other = make_mailbox(env, dovecot, f"other.{login}", kind="shared", user_id=False)
    lead = receive(mailbox, dovecot, f"noa@{domain}")
    with dovecot.connect(login) as client:
        client.select_folder("INBOX", readonly=True)
        raw = client.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"]
    deliver(dovecot, other.email, [raw])
    sync(other)
    mailbox.with_user(people["owner"]).visibility = "private"
    assert lead.name == WORDS[0]
