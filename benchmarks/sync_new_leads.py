"""New leads from e-mail: stock Odoo's fetchmail against the suite's mailboxes, same mail, same run.

Both sides fetch from the same IMAP server into a database of their own on the same Postgres, each in a
process of its own. Every message is of somebody whom nobody knows.
"""

from benchmarks.support.side_by_side import Comparison, run
from setup.letters import first_contacts
from setup.progress import run_main

COMPARISON = Comparison(
    name="sync_new_leads",
    goal="at least 6",
    about="each from a sender whom nobody knows",
    make_letters=first_contacts,
    with_leads=True,
)


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side did not store all that was sent."""
    return run(COMPARISON, arguments)


if __name__ == "__main__":
    run_main(main)
