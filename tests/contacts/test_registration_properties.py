"""Whatever is registered, in whatever order: no address disappears, nobody has too many, nobody is there twice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EMAILS = [f"e{number}@correo.example" for number in range(16)]
PHONES = [f"+34 688 33 44 {number}" for number in range(10, 26)]
PEOPLE = range(3)


def text_of(addresses):
    return st.lists(st.sampled_from(addresses), max_size=6).map(", ".join)


ROW = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["", *EMAILS, "E3@Correo.example"]),
        "phone": st.sampled_from(["", *PHONES, "0034688334412"]),
        "alternative_emails": text_of(EMAILS),
        "alternative_phones": text_of(PHONES),
        "city": st.sampled_from(["", "Haro", "Lugo"]),
    }
)
STORED = settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def contacts(env):
    return env["res.partner"].with_context(tracking_disable=True)


def addresses(contact):
    """Return the e-mails and the phones of a contact, as a set."""
    lines = (
        *contact.alternative_email_ids.mapped("email_normalized"),
        *contact.alternative_phone_ids.mapped("phone_sanitized"),
    )
    return {contact.email_normalized, contact.phone_sanitized, *lines} - {False}


def normalized(contacts, row):
    from odoo.addons.escala_contact_rules.matching.address_list import split_emails, split_phones

    emails = contacts._normalize_emails([row["email"], *split_emails(row["alternative_emails"])])
    return emails | contacts._normalize_phones([row["phone"], *split_phones(row["alternative_phones"])])


def taken_back(contacts, work):
    """Do something on real data and undo it."""
    savepoint = contacts.env.cr.savepoint()
    try:
        return work()
    finally:
        savepoint.close(rollback=True)


@STORED
@given(rows=st.lists(ROW, min_size=1, max_size=8), batches=st.booleans())
def test_what_is_stored_is_what_came(contacts, rows, batches):
    def work():
        if batches:
            outcomes = contacts._register_contacts(rows, "form")
        else:
            outcomes = contacts.env["contact.registration"].concat(
                *(contacts._register_contacts([row], "form") for row in rows)
            )
        contacts.env.flush_all()
        contacts.env.invalidate_all()
        for row, outcome in zip(rows, outcomes, strict=True):
            contact = outcome.partner_id
            if outcome.result == "refused":
                assert not normalized(contacts, row)
                continue
            missing = normalized(contacts, row) - addresses(contact)
            assert all(address in outcome.reason for address in missing)
            assert contact.alternative_email_count == len(contact.alternative_email_ids) <= 10
            assert contact.alternative_phone_count == len(contact.alternative_phone_ids) <= 10
        emails = [email for contact in outcomes.partner_id for email in addresses(contact) if "@" in email]
        assert len(emails) == len(set(emails))

    taken_back(contacts, work)


@STORED
@given(data=st.data())
def test_any_order_gives_the_same_contacts(contacts, data):
    """Every row of a person carries one e-mail of theirs, as the rules want it: the rest may come in any order."""
    rows = []
    for person in PEOPLE:
        more = st.lists(
            st.sampled_from([f"p{person}e{number}@correo.example" for number in range(5)]), max_size=3
        )
        phones = st.lists(
            st.sampled_from([f"+34 688 {person}3 44 1{number}" for number in range(5)]), max_size=3
        )
        for emails, numbers in data.draw(st.lists(st.tuples(more, phones), max_size=4)):
            rows.append(
                {
                    "name": f"Person {person}",
                    "alternative_emails": ",".join([*emails, f"p{person}@correo.example"]),
                    "alternative_phones": ",".join(numbers),
                }
            )

    def registered(rows):
        def work():
            outcomes = contacts._register_contacts(rows, "form")
            return {(contact.name, frozenset(addresses(contact))) for contact in outcomes.partner_id}

        return taken_back(contacts, work)

    assert registered(data.draw(st.permutations(rows))) == registered(rows)


def test_what_looks_normalised_is_what_odoo_makes_of_it(odoo_database):
    from odoo.tools import email_normalize

    from odoo.addons.escala_contact_rules.models.res_partner_lookup import PLAIN_EMAIL

    @settings(max_examples=500)
    @given(st.from_regex(PLAIN_EMAIL, fullmatch=True))
    def check(email):
        assert email_normalize(email) == email

    check()
