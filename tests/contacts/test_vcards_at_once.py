"""vCards imported at the moment at which the same people come in otherwise: one contact of each.

Each side is a thread with transactions of its own, which Odoo repeats as it does those of requests.
"""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from setup import odoo_env

PEOPLE = 5
ROUNDS = 5


@pytest.fixture
def at_once(odoo_database):
    """Do several things at the same moment, each a function of an environment; return what they return."""
    from odoo.service.model import retrying

    with ThreadPoolExecutor(2) as pool:

        def at_once(*works):
            together = threading.Barrier(len(works), timeout=60)

            def run(work):
                with odoo_env.environment(odoo_database) as env:
                    env.cr.execute("SELECT count(*) FROM res_partner")  # the snapshot is of before
                    together.wait()
                    return retrying(lambda: work(env), env)

            return list(pool.map(run, works))

        yield at_once


def addresses(number):
    return [
        (f"ana{number}.{person}@cards.example", f"+3461000{number:02}{person:02}") for person in range(PEOPLE)
    ]


def preview(env, number, order=1):
    """Drop the cards of a round on the list of contacts, in this order."""
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEMAIL:{email}\r\nTEL:{phone}\r\nEND:VCARD\r\n"
        for email, phone in addresses(number)[::order]
    )
    content = base64.b64encode(cards.encode()).decode()
    action = env["contact.vcard.import"].action_preview([{"name": "cards.vcf", "content": content}])
    env.cr.commit()
    return action["res_id"]


def importing(preview_id):
    return lambda env: env["contact.vcard.import"].browse(preview_id).action_import()["params"]["message"]


def find_phones(env, number):
    """Return the phones of whoever has an e-mail address of a round."""
    env.cr.rollback()
    emails = [email for email, _phone in addresses(number)]
    contacts = env["res.partner"].search([("email_normalized", "in", emails)])
    return sorted(contacts.mapped("phone_sanitized"))


@pytest.mark.parametrize("order", [1, -1], ids=["same order", "other order"])
def test_two_people_import_the_same_cards(env, at_once, order):
    for number in range(ROUNDS):
        first, second = preview(env, number), preview(env, number, order)
        assert sorted(at_once(importing(first), importing(second))) == [
            f"New: {PEOPLE}",
            f"Skipped: {PEOPLE}",
        ]
        assert find_phones(env, number) == [phone for _email, phone in addresses(number)]


def test_a_form_brings_a_person_of_the_cards(env, at_once):
    source = env["contact.source"].create({"name": "Spring fair", "rate_limit": 0})
    env.cr.commit()

    def register(env):
        env["contact.source.submission"]._cron_register()

    for number in range(ROUNDS):
        email, phone = addresses(number)[0]
        source._take_in({"name": ["Ana"], "email": [email], "phone": [phone]}, "192.0.2.1")
        at_once(importing(preview(env, number)), register)
        register(env)  # as the scheduled action does once more, if it came second
        env.cr.commit()
        assert find_phones(env, number) == [phone for _email, phone in addresses(number)]
        submission = source.submission_ids.sorted("id")[-1]
        assert (submission.state, submission.partner_id.email_normalized) == ("done", email)
