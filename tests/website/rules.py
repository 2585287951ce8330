"""The ten rules of contacts (docs/contacts.md).

A rule prepares contacts and somebody who meets them, and says who is there afterwards.
"""

import itertools
from collections.abc import Callable
from dataclasses import astuple, dataclass

from tests.website.doors import Office, Person

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
    known = case.contact(*astuple(person))
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
    return Meeting((person,), (Found(*astuple(person)),))


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
