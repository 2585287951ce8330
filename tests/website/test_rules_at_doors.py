"""The ten rules of contacts (docs/contacts.md) at every door by which people come in.

A rule prepares contacts and somebody who meets them, and says who is there afterwards. Where a door cannot do what the
rule says, `INSTEAD` says what it does.
"""

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests

from setup import graph_server, odoo_env
from tests.conftest import make_mailbox
from tests.website import doors
from tests.website.doors import Office, Person, Refused

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


# ------------------------------------------------------------
# WHO IS THERE
# ------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A contact as it is found, its addresses normalised, the main ones first."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    is_deleted: bool = False


@dataclass(frozen=True)
class Meeting:
    """Who comes in, one after the other, and who is to be there afterwards: the oldest first.

    The contacts that there were before come back under their ids; `check` asserts what else holds.
    """

    people: tuple[Person, ...]
    after: tuple[Found, ...] = ()
    known: object = ()  # res.partner
    is_refused: bool = False
    check: Callable[[Office], None] = lambda _office: None


class Case:
    """Addresses that no other test has, and contacts with them."""

    _numbers = itertools.count(1)

    def __init__(self, office):
        self.office = office
        self.addresses: list[str] = []

    def email(self) -> str:
        """Return a new address."""
        self.addresses.append(f"ana{next(self._numbers)}@doors.example")
        return self.addresses[-1]

    def phone(self) -> str:
        """Return a new number, as it is normalised."""
        self.addresses.append(f"+34610{next(self._numbers):06}")
        return self.addresses[-1]

    def contact(self, name, emails=(), phones=()):
        """Make a contact as code does, which may make two with the same address."""
        values = {
            "name": name,
            "email": next(iter(emails), False),
            "phone": next(iter(phones), False),
            "alternative_email_ids": [(0, 0, {"email": email}) for email in emails[1:]],
            "alternative_phone_ids": [(0, 0, {"phone": phone}) for phone in phones[1:]],
        }
        contact = self.office.env["res.partner"].create(values)
        self.office.env.cr.commit()
        return contact

    def find(self):
        """Return everybody who has one of the addresses of this case, deleted or not, the oldest first."""
        self.office.see()
        matches = self.office.env["res.partner"]._find_all_by_addresses(
            [address for address in self.addresses if "@" in address],
            [address for address in self.addresses if "@" not in address],
            with_deleted=True,
        )
        found = (contacts for by_kind in matches for contacts in by_kind.values())
        return self.office.env["res.partner"].union(*found).sorted("id")


def describe(contacts) -> tuple[Found, ...]:
    """Return what there is to see of contacts."""
    return tuple(
        Found(
            contact.name,
            tuple(filter(None, [contact.email_normalized, *contact.alternative_email_ids.mapped("email")])),
            tuple(
                filter(
                    None,
                    [contact.phone_sanitized, *contact.alternative_phone_ids.mapped("phone_sanitized")],
                )
            ),
            bool(contact.deletion_date),
        )
        for contact in contacts
    )


# ------------------------------------------------------------
# RULES
# ------------------------------------------------------------


def rule_1_nobody_becomes_two_contacts(case):
    person = Person("Ana", (case.email(),), (case.phone(),))
    return Meeting((person, person), (Found("Ana", person.emails, person.phones),))


def rule_2_a_known_phone_finds_and_the_email_is_added(case):
    old, new, phone = case.email(), case.email(), case.phone()
    known = case.contact("Ana", [old], [phone])
    return Meeting((Person("Ana Ruiz", (new,), (phone,)),), (Found("Ana Ruiz", (old, new), (phone,)),), known)


def rule_3_a_known_email_goes_before_a_known_phone(case):
    email, phone, of_otto = case.email(), case.phone(), case.phone()
    known = case.contact("Ana", [email], [phone]) + case.contact("Otto", [], [of_otto])
    after = (Found("Ana Ruiz", (email,), (phone, of_otto)), Found("Otto", (), (of_otto,)))
    return Meeting((Person("Ana Ruiz", (email,), (of_otto,)),), after, known)


def rule_4_of_several_the_oldest_is_updated(case):
    email = case.email()
    known = case.contact("Ana", [email]) + case.contact("Younger", [email])
    after = (Found("Ana Ruiz", (email,)), Found("Younger", (email,)))
    return Meeting((Person("Ana Ruiz", (email,)),), after, known)


def rule_5_the_first_email_of_a_contact_becomes_its_main_one(case):
    email, phone = case.email(), case.phone()
    known = case.contact("Ana", [], [phone])
    return Meeting((Person("Ana Ruiz", (email,), (phone,)),), (Found("Ana Ruiz", (email,), (phone,)),), known)


def rule_6_what_is_known_already_changes_nothing(case):
    person = Person("Ana", (case.email(),), (case.phone(),))
    known = case.contact(*dataclasses.astuple(person))
    written_on = known.write_date

    def check(_office):
        assert known.write_date == written_on

    return Meeting((person,), describe(known), known, check=check)


def rule_7_an_eleventh_alternative_is_left_out_and_said(case):
    emails, phones = [case.email() for _each in range(11)], [case.phone() for _each in range(11)]
    known = case.contact("Ana", emails, phones)
    late = case.phone()

    def check(office):
        assert late in office.env["contact.registration"].search([], limit=1).reason

    after = (Found("Ana Ruiz", tuple(emails), tuple(phones)),)
    return Meeting((Person("Ana Ruiz", (emails[3],), (late,)),), after, known, check=check)


def rule_8_several_addresses_come_at_once(case):
    person = Person("Ana", (case.email(), case.email()), (case.phone(), case.phone()))
    return Meeting((person,), (Found(*dataclasses.astuple(person)),))


def rule_8_what_is_no_address_is_refused(case):
    return Meeting((Person("Ana", ("nobody",), (case.phone(),)),), is_refused=True)


def rule_9_a_deleted_contact_comes_back_by_its_email(case):
    old, email = case.email(), case.email()
    known = case.contact("Ana", [old, email])
    lead = _delete_with_lead(known)

    def check(_office):
        assert (known.active, lead.partner_id) == (True, known)

    return Meeting((Person("Ana Ruiz", (email,)),), (Found("Ana Ruiz", (old, email)),), known, check=check)


def rule_9_a_deleted_contact_comes_back_by_its_phone(case):
    old, phone, email = case.phone(), case.phone(), case.email()
    known = case.contact("Ana", [], [old, phone])
    _delete_with_lead(known)
    after = (Found("Ana Ruiz", (email,), (old, phone)),)
    return Meeting((Person("Ana Ruiz", (email,), (phone,)),), after, known)


def rule_10_mailings_go_to_the_main_email_alone(case):
    main, other, phone = case.email(), case.email(), case.phone()
    known = case.contact("Ana", [main, other], [phone])

    def check(office):
        composer = office.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": known.ids,
                "subject": "News",
                "body": "<p>News</p>",
                "force_send": False,
            }
        )
        mails, _messages = composer._action_send_mail()
        recipients = [address for letter in mails._prepare_outgoing_list() for address in letter["email_to"]]
        assert [main in address for address in recipients] == [True]

    person = Person("Ana Ruiz", (other,), (phone,))
    return Meeting((person,), (Found("Ana Ruiz", (main, other), (phone,)),), known, check=check)


def _delete_with_lead(contact):
    """Move a contact to the bin as the web client does, and return a lead of it."""
    lead = contact.env["crm.lead"].create({"name": "Roof", "partner_id": contact.id})
    contact._move_to_bin()
    contact.env.cr.commit()
    return lead


RULES = [rule for name, rule in globals().items() if name.startswith("rule_")]

# ------------------------------------------------------------
# WHAT HOLDS
# ------------------------------------------------------------


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
        rule_1_nobody_becomes_two_contacts: named_and_refused,
        rule_2_a_known_phone_finds_and_the_email_is_added: named_and_refused,
        rule_3_a_known_email_goes_before_a_known_phone: named_and_refused,
        rule_4_of_several_the_oldest_is_updated: named_and_refused,
        rule_5_the_first_email_of_a_contact_becomes_its_main_one: named_and_refused,
        rule_6_what_is_known_already_changes_nothing: named_and_refused,
        rule_7_an_eleventh_alternative_is_left_out_and_said: named_and_refused,
        rule_8_what_is_no_address_is_refused: taken_as_it_was_typed,
        rule_9_a_deleted_contact_comes_back_by_its_email: named_and_refused,
        rule_9_a_deleted_contact_comes_back_by_its_phone: named_and_refused,
        rule_10_mailings_go_to_the_main_email_alone: named_and_refused,
    },
    # One field for one address, as on most forms.
    doors.hosted_page: {rule_8_several_addresses_come_at_once: refused},
    doors.website_contact_form: {rule_8_several_addresses_come_at_once: refused},
    doors.website_lead_form: {
        rule_2_a_known_phone_finds_and_the_email_is_added: known_and_not_renamed,
        rule_3_a_known_email_goes_before_a_known_phone: known_and_not_renamed,
        rule_4_of_several_the_oldest_is_updated: known_and_not_renamed,
        rule_5_the_first_email_of_a_contact_becomes_its_main_one: known_and_not_renamed,
        rule_7_an_eleventh_alternative_is_left_out_and_said: known_and_not_renamed,
        rule_8_several_addresses_come_at_once: refused,
        rule_10_mailings_go_to_the_main_email_alone: known_and_not_renamed,
    },
    # It tells one e-mail address and no phone.
    doors.mail: {
        rule_1_nobody_becomes_two_contacts: a_lead_and_no_contact,
        rule_2_a_known_phone_finds_and_the_email_is_added: a_lead_and_no_contact,
        rule_3_a_known_email_goes_before_a_known_phone: linked_and_unchanged,
        rule_4_of_several_the_oldest_is_updated: linked_and_unchanged,
        rule_5_the_first_email_of_a_contact_becomes_its_main_one: a_lead_and_no_contact,
        rule_6_what_is_known_already_changes_nothing: linked_and_unchanged,
        rule_7_an_eleventh_alternative_is_left_out_and_said: linked_and_unchanged,
        rule_8_several_addresses_come_at_once: a_lead_and_no_contact,
        rule_8_what_is_no_address_is_refused: set_aside,
        rule_9_a_deleted_contact_comes_back_by_its_email: linked_and_unchanged,
        rule_9_a_deleted_contact_comes_back_by_its_phone: a_lead_and_no_contact,
        rule_10_mailings_go_to_the_main_email_alone: linked_and_unchanged,
    },
    doors.dropped_vcard: {rule_8_what_is_no_address_is_refused: the_rest_is_registered},
    doors.vcard: {rule_8_what_is_no_address_is_refused: the_rest_is_registered},
}


@pytest.mark.parametrize("door", doors.DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_at_door(office, rule, door):
    case = Case(office)
    meeting = rule(case)
    INSTEAD.get(door, {}).get(rule, as_the_rule_says)(case, door, meeting)
