"""Two mailboxes with mail, and users who may read some of it or none."""

from types import SimpleNamespace

import pytest

from odoo import Command

from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, sync

FILE = b"what only the owner may read"


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
