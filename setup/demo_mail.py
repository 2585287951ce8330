"""The demo's mailboxes: fill them, connect them in Odoo, run the sync, and compare with what was expected."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from setup.dovecot import Dovecot
from setup.sample_mail import SampleMessage
from setup.smtp_server import SmtpServer

# Address -> (kind, the demo user who owns it, the demo users who share it)
MAILBOXES = {
    "laura@nordica.example": ("personal", "escala_mail_sync.user_laura", ()),
    "ventas@nordica.example": (
        "shared",
        None,
        ("escala_mail_sync.user_laura", "escala_mail_sync.user_marcos"),
    ),
}
# A customer, to write to and to be answered by; in Odoo she is a contact.
CUSTOMER = "ana@llamazares.example"
DOMAINS = ("nordica.example", "llamazares.example")
HEADINGS = ("mailbox", "folder", "seen", "linked", "leads", "ignored", "quarantined", "seconds")


@dataclass
class Row:
    """One line of the table: what happened to the messages of one folder."""

    seen: int = 0
    linked: int = 0
    leads: int = 0
    ignored: Counter = field(default_factory=Counter)
    quarantined: Counter = field(default_factory=Counter)


Table = dict[tuple[str, str], Row]


def fill(dovecot: Dovecot, samples: Iterable[SampleMessage]) -> None:
    """Deliver the sample mail, in its order, so that UIDs follow it."""
    folders: dict[tuple[str, str], list] = {}
    for sample in samples:
        folders.setdefault((sample.mailbox, sample.folder), []).append((sample.raw, sample.flags, None))
    for (mailbox, folder), messages in folders.items():
        dovecot.append_all(mailbox, folder, messages)


def connect(env, dovecot: Dovecot, smtp: SmtpServer | None = None) -> None:
    """Connect the demo's mailboxes, as their owners would do it by hand; with an SMTP server, they can send.

    Raises RuntimeError with the words that Odoo shows when one does not connect.
    """
    for address, (kind, owner, members) in MAILBOXES.items():
        mailbox = env["escala.mailbox"].create(
            {
                "email": address,
                "kind": kind,
                "user_id": env.ref(owner).id if owner else False,
                "member_ids": [env.ref(member).id for member in members],
                "imap_host": dovecot.host,
                "imap_port": dovecot.port,
                "imap_security": "none",
                "imap_password": dovecot.password,
                **({"smtp_host": smtp.host, "smtp_port": smtp.port, "smtp_security": "none"} if smtp else {}),
            }
        )
        answer = mailbox.action_connect()
        if mailbox.state != "connected":
            raise RuntimeError(f"{address}: {answer['params']['message']}")
    env.cr.commit()


def expected(samples: Iterable[SampleMessage]) -> Table:
    """Return the table that the index of the samples asks for; its outcomes were decided by hand."""
    table: Table = {}
    for sample in samples:
        outcome, _, reason = sample.outcome.partition(":")  # or how many leads
        if outcome == "not_synced":
            continue
        row = table.setdefault((sample.mailbox, sample.folder), Row())
        row.seen += 1
        if outcome == "ignored":
            row.ignored[reason] += 1
        elif outcome == "quarantined":
            row.quarantined[reason] += 1
        else:
            row.linked += 1
            row.leads += int(reason or 1) if outcome == "lead" else 0
    return table


def found(reports: Iterable) -> Table:
    """Return the table of what the sync reports."""
    return {
        (report.mailbox, report.folder): Row(
            report.seen, report.linked, report.leads, +report.ignored, +report.quarantined
        )
        for report in reports
    }


def render(table: Table, seconds: dict[tuple[str, str], float]) -> str:
    """Return the table as aligned text, with a line of totals."""
    total = Row()
    lines = [HEADINGS]
    for (mailbox, folder), row in table.items():
        lines.append((mailbox, folder, *_cells(row), f"{seconds.get((mailbox, folder), 0):.2f}"))
        total.seen += row.seen
        total.linked += row.linked
        total.leads += row.leads
        total.ignored += row.ignored
        total.quarantined += row.quarantined
    lines.append(("total", "", *_cells(total), f"{sum(seconds.values()):.2f}"))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (str(row.seen), str(row.linked), str(row.leads), _reasons(row.ignored), _reasons(row.quarantined))


def _reasons(counts: Counter) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items())) or "-"
