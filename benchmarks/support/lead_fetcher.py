"""One side of the benchmark in a process of its own: fetch a mailbox into leads when told to, and time it.

    python -m benchmarks.support.lead_fetcher (stock | escala) DATABASE CONFIG HOST PORT LOGIN PASSWORD

Its commands: `fetch N` answers with the seconds that the cron's method took for N new messages, `leads` with
the new leads in the database now.
"""

import math
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from lxml import html

from benchmarks.support.worker import serve, timed
from setup import odoo_env

BATCH_LIMIT = 50  # what a run of Odoo's own cron takes at a time (fetchmail.server._fetch_mail)
BEFORE_ALL_MESSAGES = "2020-01-01 00:00:00"


@dataclass(frozen=True)
class FoundLead:
    """A lead with its message; `text` is without white space, `attachments` are names and digests."""

    sender: str
    subject: str
    text: str
    attachments: dict[str, str]


class Stock:
    """`fetchmail.server`, creating leads, as its cron runs it."""

    def prepare(self, env, host: str, port: int, login: str, password: str) -> None:
        """Set the server up."""
        env["fetchmail.server"].create(
            {
                "name": login,
                "server_type": "imap",
                "is_ssl": False,
                "server": host,
                "port": port,
                "user": login,
                "password": password,
                "object_id": env["ir.model"]._get_id("crm.lead"),
                "state": "done",
            }
        )

    def make_due(self, env) -> None:
        """Do nothing: the cron looks at every server each time."""

    def fetch(self, env, count: int) -> None:
        """Run the cron's method as often as it takes for so many messages."""
        server = env["fetchmail.server"].search([])
        for _ in range(math.ceil(count / BATCH_LIMIT)):
            error = server._fetch_mail(batch_limit=BATCH_LIMIT)
            if error:
                raise error

    def message(self, lead):
        """Return the message that a lead was made from."""
        return lead.message_ids.filtered(lambda message: message.message_type == "email")


class Escala:
    """The suite's mailbox, as its cron runs it."""

    def prepare(self, env, host: str, port: int, login: str, password: str) -> None:
        """Connect the mailbox, long before the first message: nothing is history."""
        mailbox = env["escala.mailbox"].create(
            {
                "email": login,
                "kind": "shared",
                "imap_host": host,
                "imap_port": port,
                "imap_security": "none",
                "imap_password": password,
            }
        )
        mailbox.action_connect()
        if mailbox.state != "connected":
            raise RuntimeError(mailbox.last_error)
        mailbox.connected_on = BEFORE_ALL_MESSAGES

    def make_due(self, env) -> None:
        """Have the next check now instead of in ten minutes."""
        env["escala.mailbox"].search([]).write({"next_check": BEFORE_ALL_MESSAGES})

    def fetch(self, env, count: int) -> None:
        """Run the cron's method, once."""
        seen = sum(report.seen for report in env["escala.mailbox"]._cron_sync())
        if seen != count:
            raise RuntimeError(f"{seen} messages were seen instead of {count}")

    def message(self, lead):
        """Return the message that a lead was made from."""
        return lead.synced_email_ids.mail_message_id


def main(kind: str, database: str, config: str, host: str, port: str, login: str, password: str) -> None:
    """Set the side up, then do as the standard input says until it ends."""
    side = {"stock": Stock, "escala": Escala}[kind]()
    odoo_env.load(Path(config))
    with odoo_env.environment(database) as env:
        side.prepare(env, host, int(port), login, password)
        demo_leads = _all_leads(env)
        env.cr.execute("ANALYZE")
        env.cr.commit()
    serve(
        {
            "fetch": lambda count: _time_fetch(side, database, int(count)),
            "leads": lambda: _read_new_leads(side, database, demo_leads.ids),
        }
    )


def _time_fetch(side: Stock | Escala, database: str, count: int) -> tuple[float, float]:
    with odoo_env.environment(database) as env:
        side.make_due(env)
        env.cr.commit()
        env.invalidate_all()
        return timed(lambda: side.fetch(env, count))


def _read_new_leads(side: Stock | Escala, database: str, known_ids: list[int]) -> list[dict]:
    with odoo_env.environment(database) as env:
        new_leads = _all_leads(env).filtered(lambda lead: lead.id not in known_ids)
        return [asdict(_read_lead(side, lead)) for lead in new_leads]


def _all_leads(env):
    return env["crm.lead"].with_context(active_test=False).search([])


def _read_lead(side: Stock | Escala, lead) -> FoundLead:
    message = side.message(lead)
    text = html.fromstring(message.body).text_content() if message.body else ""
    return FoundLead(
        sender=lead.email_normalized,
        subject=lead.name,
        text="".join(text.split()),
        attachments={file.name: sha256(file.raw).hexdigest() for file in message.attachment_ids},
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
