"""The ten rules of contacts (docs/contacts.md) at every door by which people come in.

Where a door cannot do what the rule says (rules.py), `INSTEAD` says what it does.
"""

import dataclasses

import pytest
import requests

from setup import graph_server, odoo_env
from tests.conftest import make_mailbox
from tests.website import doors, rules
from tests.website.doors import Office, Refused
from tests.website.rules import Case, Found, describe

MAILBOX = "reception@nordica.example"


@pytest.fixture(scope="module")
def graph():
    """Facebook's Graph API, as the scheduled action of this process knows it."""
    from odoo.tools import config

    with graph_server.running() as graph, pytest.MonkeyPatch.context() as patch:
        patch.setitem(config.options, "escala_graph_url", graph.url)
        yield graph


@pytest.fixture(scope="module")
def office(site, site_database, dovecot, graph):
    with odoo_env.environment(site_database) as env, requests.Session() as administrator:
        sources = env["contact.source"].create(
            [
                {"name": "Spring fair", "rate_limit": 0},
                {
                    "name": "Lead ads",
                    "kind": "lead_ad",
                    "app_secret": graph_server.APP_SECRET,
                    "access_token": graph_server.ACCESS_TOKEN,
                },
            ]
        )
        env["ir.config_parameter"].set_param("web.base.url", site)
        mailbox = make_mailbox(env, dovecot, MAILBOX, kind="shared", user_id=False)
        login = {"db": site_database, "login": "admin", "password": "admin"}
        administrator.post(f"{site}/web/session/authenticate", json={"params": login}).raise_for_status()
        yield Office(env, site, administrator, *sources, graph, mailbox, dovecot)
        env.cr.rollback()


def as_the_rule_says(case, door, meeting):
    if meeting.is_refused:
        refused(case, door, meeting)
        return
    for person in meeting.people:
        door(case.office, person)
    _assert_there(case, meeting, meeting.after)
    meeting.check(case.office)


def refused(case, door, meeting):
    """The last who comes is refused, and nobody is changed."""
    *first, last = meeting.people
    for person in first:
        door(case.office, person)
    before = describe(case.find())
    with pytest.raises(Refused):
        door(case.office, last)
    _assert_there(case, meeting, before)


def named_and_refused(case, door, meeting):
    """By hand, the contact that has the address is named and can be opened; it is not updated."""
    *first, last = meeting.people
    for person in first:
        door(case.office, person)
    before = case.find()
    with pytest.raises(Refused, match=f"belongs to {before[0].name}"):
        door(case.office, last)
    _assert_there(case, meeting, describe(before))


def taken_as_it_was_typed(case, door, meeting):
    """Odoo lets people keep what is no address. It is nobody's, so that it finds nobody."""
    (person,) = meeting.people
    door(case.office, person)
    contact = case.find()
    assert (contact.email, contact.email_normalized) == (person.email, False)


def the_rest_is_registered(case, door, meeting):
    """What is no address on a card is left out."""
    (person,) = meeting.people
    door(case.office, person)
    _assert_there(case, meeting, (Found(person.name, (), person.phones),))


def known_and_not_renamed(case, door, meeting):
    """A lead gets the contact as its customer and adds to its addresses, but says nothing else about it."""
    names = case.find().mapped("name")
    for person in meeting.people:
        door(case.office, person)
    after = [dataclasses.replace(found, name=name) for found, name in zip(meeting.after, names, strict=True)]
    _assert_there(case, meeting, tuple(after))
    newest = case.office.env["crm.lead"].search([], limit=1, order="id desc")
    assert newest.partner_id == case.find()[0]


def a_lead_and_no_contact(case, door, meeting):
    """A mail of somebody who is not known makes one lead, and touches no contact."""
    before = describe(case.find())
    for person in meeting.people:
        door(case.office, person)
    _assert_there(case, meeting, before)
    domain = [("email_normalized", "=", meeting.people[0].emails[0])]
    assert len(case.office.env["crm.lead"].search(domain)) == 1


def linked_and_unchanged(case, door, meeting):
    """A mail is linked to all contacts of its sender, who come back if they were deleted; it tells nothing else."""
    before = describe(case.find())
    for person in meeting.people:
        door(case.office, person)
    _assert_there(case, meeting, tuple(dataclasses.replace(found, is_deleted=False) for found in before))
    email = case.office.env["escala.email"].search([], limit=1, order="id desc")
    owners = case.find().filtered(lambda contact: meeting.people[0].emails[0] in describe(contact)[0].emails)
    assert email.partner_ids == owners


def set_aside(case, door, meeting):
    """A mail whose sender has no address waits in quarantine; it makes nobody."""
    leads = case.office.env["crm.lead"].search_count([])
    for person in meeting.people:
        door(case.office, person)
    _assert_there(case, meeting, ())
    assert case.office.env["crm.lead"].search_count([]) == leads


def _assert_there(case, meeting, expected):
    contacts = case.find()
    assert describe(contacts) == expected
    assert set(meeting.known) <= set(contacts)


INSTEAD = {
    doors.by_hand: {
        rules.rule_1_nobody_becomes_two_contacts: named_and_refused,
        rules.rule_2_a_known_phone_finds_and_the_email_is_added: named_and_refused,
        rules.rule_3_a_known_email_goes_before_a_known_phone: named_and_refused,
        rules.rule_4_of_several_the_oldest_is_updated: named_and_refused,
        rules.rule_5_the_first_email_of_a_contact_becomes_its_main_one: named_and_refused,
        rules.rule_6_what_is_known_already_changes_nothing: named_and_refused,
        rules.rule_7_an_eleventh_alternative_is_left_out_and_said: named_and_refused,
        rules.rule_8_what_is_no_address_is_refused: taken_as_it_was_typed,
        rules.rule_9_a_deleted_contact_comes_back_by_its_email: named_and_refused,
        rules.rule_9_a_deleted_contact_comes_back_by_its_phone: named_and_refused,
        rules.rule_10_mailings_go_to_the_main_email_alone: named_and_refused,
    },
    # One field for one address, as on most forms.
    doors.hosted_page: {rules.rule_8_several_addresses_come_at_once: refused},
    doors.website_contact_form: {rules.rule_8_several_addresses_come_at_once: refused},
    doors.website_lead_form: {
        rules.rule_2_a_known_phone_finds_and_the_email_is_added: known_and_not_renamed,
        rules.rule_3_a_known_email_goes_before_a_known_phone: known_and_not_renamed,
        rules.rule_4_of_several_the_oldest_is_updated: known_and_not_renamed,
        rules.rule_5_the_first_email_of_a_contact_becomes_its_main_one: known_and_not_renamed,
        rules.rule_7_an_eleventh_alternative_is_left_out_and_said: known_and_not_renamed,
        rules.rule_8_several_addresses_come_at_once: refused,
        rules.rule_10_mailings_go_to_the_main_email_alone: known_and_not_renamed,
    },
    # It tells one e-mail address and no phone.
    doors.mail: {
        rules.rule_1_nobody_becomes_two_contacts: a_lead_and_no_contact,
        rules.rule_2_a_known_phone_finds_and_the_email_is_added: a_lead_and_no_contact,
        rules.rule_3_a_known_email_goes_before_a_known_phone: linked_and_unchanged,
        rules.rule_4_of_several_the_oldest_is_updated: linked_and_unchanged,
        rules.rule_5_the_first_email_of_a_contact_becomes_its_main_one: a_lead_and_no_contact,
        rules.rule_6_what_is_known_already_changes_nothing: linked_and_unchanged,
        rules.rule_7_an_eleventh_alternative_is_left_out_and_said: linked_and_unchanged,
        rules.rule_8_several_addresses_come_at_once: a_lead_and_no_contact,
        rules.rule_8_what_is_no_address_is_refused: set_aside,
        rules.rule_9_a_deleted_contact_comes_back_by_its_email: linked_and_unchanged,
        rules.rule_9_a_deleted_contact_comes_back_by_its_phone: a_lead_and_no_contact,
        rules.rule_10_mailings_go_to_the_main_email_alone: linked_and_unchanged,
    },
    doors.dropped_vcard: {rules.rule_8_what_is_no_address_is_refused: the_rest_is_registered},
    doors.vcard: {rules.rule_8_what_is_no_address_is_refused: the_rest_is_registered},
}


@pytest.mark.parametrize("door", doors.DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rule_at_door(office, rule, door):
    case = Case(office)
    meeting = rule(case)
    INSTEAD.get(door, {}).get(rule, as_the_rule_says)(case, door, meeting)
