"""Mail of known contacts: stock Odoo's fetchmail against the suite's mailboxes, same mail, same run.

Every message answers one that was sent to a contact. Stock Odoo finds the contact by that message (In-Reply-To), the
suite by the sender's address.
"""

from functools import partial

from benchmarks.support.side_by_side import Comparison, run
from setup.letters import replies
from setup.progress import run_main

CONTACTS = 200
COMPARISON = Comparison(
    name="sync_known",
    goal="at least 5",
    about=f"replies of {CONTACTS} contacts",
    make_letters=partial(replies, contacts=CONTACTS),
    contacts=CONTACTS,
)


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side did not put every message on the right contact."""
    return run(COMPARISON, arguments)


if __name__ == "__main__":
    run_main(main)
