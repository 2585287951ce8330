"""The two ways for mail to come into Odoo, each run as its cron runs it: `fetchmail.server` and `escala.mailbox`."""

import math
from dataclasses import dataclass

from setup.letters import RECIPIENT, known_contact, question_id

BATCH_LIMIT = 50  # what a run of Odoo's own cron takes at a time (fetchmail.server._fetch_mail)
BEFORE_ALL_MESSAGES = "2020-01-01 00:00:00"
AFTER_ALL_ROUNDS = "2100-01-01 00:00:00"


@dataclass(frozen=True)
class Imap:
    """A mail server whose mailboxes open with one password."""

    host: str
    port: int
    password: str


class Stock:
    """`fetchmail.server`, creating leads of what is no reply."""

    def connect(self, env, imap: Imap, login: str) -> None:
        """Set the server up."""
        env["fetchmail.server"].create(
            {
                "name": login,
                "server_type": "imap",
                "is_ssl": False,
                "server": imap.host,
                "port": imap.port,
                "user": login,
                "password": imap.password,
                "object_id": env["ir.model"]._get_id("crm.lead"),
                "state": "done",
            }
        )

    def add_contacts(self, env, count: int) -> None:
        """Make contacts with a message to each that their replies name.

        Nobody follows them: Odoo is spared telling people of each reply.
        """
        contacts = add_contacts(env, count)
        env["mail.message"].create(
            [
                {
                    "model": contact._name,
                    "res_id": contact.id,
                    "message_type": "email_outgoing",
                    "message_id": question_id(number),
                    "email_from": RECIPIENT.addr_spec,
                    "subject": "Nuestra oferta",
                    "body": "<p>¿Le parece bien?</p>",
                }
                for number, contact in enumerate(contacts)
            ]
        )

    def make_due(self, env, login: str = "") -> None:
        """Do nothing: the cron looks at every server each time."""

    def fetch(self, env, count: int) -> None:
        """Run the cron's method as often as it takes for so many messages."""
        server = env["fetchmail.server"].search([])
        for _ in range(math.ceil(count / BATCH_LIMIT)):
            error = server._fetch_mail(batch_limit=BATCH_LIMIT)
            if error:
                raise error


class Escala:
    """The suite's mailbox."""

    def connect(self, env, imap: Imap, login: str, **values) -> None:
        """Connect a mailbox, long before its first message: nothing is history, and all of it is fetched."""
        env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
        mailbox = env["escala.mailbox"].create(
            _those_there_are(
                env["escala.mailbox"],
                {
                    "email": login,
                    "kind": "shared",
                    "history": "all",
                    "imap_host": imap.host,
                    "imap_port": imap.port,
                    "imap_security": "none",
                    "imap_password": imap.password,
                    **values,
                },
            )
        )
        mailbox.action_connect()
        if mailbox.state != "connected":
            raise RuntimeError(mailbox.last_error)
        mailbox.connected_on = BEFORE_ALL_MESSAGES

    def add_contacts(self, env, count: int) -> None:
        """Make contacts: the suite knows them by their addresses."""
        add_contacts(env, count)

    def make_due(self, env, login: str = "") -> None:
        """Have this mailbox checked next and no other, or all of them if none is named."""
        mailboxes = env["escala.mailbox"].search([])
        due = mailboxes.filtered_domain([("email", "=", login)]) if login else mailboxes
        due.next_check = BEFORE_ALL_MESSAGES
        (mailboxes - due).next_check = AFTER_ALL_ROUNDS

    def fetch(self, env, count: int) -> None:
        """Run the cron's method, once."""
        seen = sum(report.seen for report in self.check(env))
        if seen != count:
            raise RuntimeError(f"{seen} messages were seen instead of {count}")

    def check(self, env) -> list:
        """Run the cron's method and return its reports; raise what went wrong."""
        reports = env["escala.mailbox"]._cron_sync()
        failed = env["escala.mailbox"].search([("state", "=", "error")], limit=1)
        if failed:
            raise RuntimeError(f"{failed.email}: {failed.last_error} ({failed.error_detail})")
        return reports


def add_contacts(env, count: int):
    """Make the contacts that `known_contact` names, and return them."""
    contacts = [known_contact(number) for number in range(count)]
    return env["res.partner"].create(
        [{"name": contact.display_name, "email": contact.addr_spec} for contact in contacts]
    )


def _those_there_are(model, values: dict) -> dict:
    """Return the values of fields that the model has."""
    return {name: value for name, value in values.items() if name in model._fields}
