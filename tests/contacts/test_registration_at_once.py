"""Two real transactions that register contacts at the same moment: no duplicate, no eleventh alternative."""

import contextlib

import pytest
from psycopg2.errors import SerializationFailure

from setup import odoo_env


@pytest.fixture
def transactions(odoo_database):
    """Two open transactions, each with the snapshot of the database that it began with."""
    with contextlib.ExitStack() as stack:
        both = [stack.enter_context(odoo_env.environment(odoo_database)) for _ in range(2)]
        for env in both:
            env.cr.execute("SELECT count(*) FROM res_partner")
        yield both
        for env in both:
            env.cr.rollback()


def retried(env, work):
    """Work as Odoo works for a request: again from the start when a race is lost."""

    def attempt():
        work(env)
        env.cr.flush()

    with pytest.raises(SerializationFailure):
        attempt()
    env.cr.rollback()
    env.transaction.clear()
    result = work(env)
    env.cr.commit()
    return result


def register(*rows):
    return lambda env: env["res.partner"]._register_contacts(list(rows), "form")


@pytest.mark.parametrize(
    ("first_row", "second_row"),
    [
        ({"email": "new@correo.example"}, {"email": "NEW@correo.example"}),
        (
            {"email": "a@correo.example", "phone": "+34 688 33 44 55"},
            {"email": "b@correo.example", "phone": "+34688334455"},
        ),
        ({"email": "ana@llamazares.example", "phone": "+34 688 33 44 55"}, {"phone": "+34 688 33 44 55"}),
    ],
    ids=["same e-mail", "same phone", "phone added to a known contact"],
)
def test_two_registrations_at_once_make_one_contact(transactions, first_row, second_row):
    first, second = transactions
    made = register({"name": "Luz", **first_row})(first)
    first.cr.commit()
    found = retried(second, register({"name": "Luz", **second_row}))
    assert found.result in ("updated", "skipped")
    assert found.partner_id.id == made.partner_id.id


def test_two_people_at_two_forms_make_one_contact(transactions):
    from odoo.exceptions import RedirectWarning

    def save(env):
        return env["res.partner"].web_save({"name": "Luz", "email": "new@correo.example"}, {"name": {}})

    first, second = transactions
    save(first)
    first.cr.commit()
    with pytest.raises(RedirectWarning):
        retried(second, save)


def test_two_files_at_once_make_one_contact(transactions):
    def load(env):
        contacts = env["res.partner"].with_context(import_file=True, registration="import")
        return contacts.load(["name", "email"], [["Luz", "new@correo.example"]])["ids"]

    first, second = transactions
    made = register({"name": "Luz", "email": "new@correo.example", "city": "Lugo"})(first).partner_id
    first.cr.commit()
    assert retried(second, load) in ([], made.ids)


def test_a_form_and_a_mail_make_one_contact(transactions):
    first, second = transactions
    made = register({"name": "Luz", "email": "new@correo.example"})(first).partner_id
    first.cr.commit()
    found = retried(
        second, lambda env: env["res.partner"]._find_or_create_from_emails(["new@correo.example"])
    )
    assert found[0].id == made.id


def test_an_eleventh_alternative_finds_no_room(transactions):
    first, second = transactions
    emails = ",".join(f"a{number}@correo.example" for number in range(10))
    made = register({"name": "Luz", "email": "luz@correo.example", "alternative_emails": emails[:-20]})
    contact = made(first).partner_id
    first.cr.commit()
    second.cr.rollback()
    assert contact.alternative_email_count == 9
    second.cr.execute("SELECT count(*) FROM res_partner")
    register({"email": "luz@correo.example", "alternative_emails": "tenth@correo.example"})(first)
    first.cr.commit()
    late = register({"email": "luz@correo.example", "alternative_emails": "late@correo.example"})
    outcome = retried(second, late)
    assert "late@correo.example" in outcome.reason
    assert second["res.partner"].browse(contact.id).alternative_email_count == 10


def test_different_people_do_not_disturb_each_other(transactions):
    first, second = transactions
    register({"name": "Luz", "email": "luz@correo.example"})(first)
    outcome = register({"name": "Eva", "email": "eva@correo.example"})(second)
    first.cr.commit()
    second.cr.commit()
    assert outcome.result == "created"


def test_two_leads_of_one_person_converted_at_once_make_one_contact(transactions):
    def convert(env):
        lead = env["crm.lead"].create(
            {"name": "Roof", "contact_name": "Luz", "email_from": "luz@correo.example"}
        )
        lead._handle_partner_assignment(create_missing=True)
        return lead.partner_id

    first, second = transactions
    made = convert(first)
    first.cr.commit()
    assert retried(second, convert).id == made.id
