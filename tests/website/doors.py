"""Every door by which people come in, each a function: `door(office, person)`. Another door is one more of them.

A door goes the way that is gone in life, with real servers: what it takes in is registered when it returns. What is
refused raises `Refused`. Doors that have fields for one e-mail and one phone put several into the one.
"""

import base64
import csv
import io
import itertools
import json
from dataclasses import dataclass

import requests
from lxml import html

from setup.dovecot import Dovecot
from setup.graph_server import Graph
from tests.sync.support import compose, deliver, sync

TIMEOUT = 60  # seconds
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\n{lines}END:VCARD\r\n"

_numbers = itertools.count(1)


class Refused(Exception):
    """What somebody sent was not taken; the text says why."""


@dataclass(frozen=True)
class Person:
    """What somebody says about himself at a door."""

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """What stands in the one field for e-mails."""
        return ", ".join(self.emails)

    @property
    def phone(self) -> str:
        """What stands in the one field for phones."""
        return ", ".join(self.phones)


@dataclass
class Office:
    """An Odoo with all that the doors need: a source of each kind, a mailbox, somebody logged in."""

    env: object
    url: str
    administrator: requests.Session
    form: object  # contact.source
    lead_ads: object  # contact.source
    graph: Graph
    mailbox: object
    dovecot: Dovecot

    def post(self, path: str, session=requests, **options) -> requests.Response:
        """Post to a path of Odoo; what this office has done so far is committed before."""
        self.env.cr.commit()
        answer = session.post(f"{self.url}{path}", timeout=TIMEOUT, allow_redirects=False, **options)
        self.see()
        assert answer.status_code < 500, answer.text
        return answer

    def call(self, model: str, method: str, *args, **kwargs):
        """Call a method as the web client does, as the administrator.

        :raises Refused: it answers with an error
        """
        parameters = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        path = f"/web/dataset/call_kw/{model}/{method}"
        answer = self.post(path, self.administrator, json={"params": parameters}).json()
        if "error" in answer:
            raise Refused(json.dumps(answer["error"]["data"]["arguments"], ensure_ascii=False))
        return answer["result"]

    def see(self) -> None:
        """See what others have committed."""
        self.env.cr.rollback()
        self.env.invalidate_all()

    def register_waiting(self) -> None:
        """Do what the scheduled actions do with what the sources have taken in.

        :raises Refused: the newest submission was
        """
        submissions = self.env["contact.source.submission"]
        submissions._cron_fetch()
        submissions._cron_register()
        newest = submissions.search([], limit=1)
        if newest.state != "done":
            raise Refused(f"{newest.state}: {newest.error}")


# ------------------------------------------------------------
# PEOPLE OF THE COMPANY
# ------------------------------------------------------------


def by_hand(office, person):
    """A form of the web client, saved."""
    values = {
        "name": person.name,
        "email": next(iter(person.emails), False),
        "phone": next(iter(person.phones), False),
        "alternative_email_ids": [(0, 0, {"email": email}) for email in person.emails[1:]],
        "alternative_phone_ids": [(0, 0, {"phone": phone}) for phone in person.phones[1:]],
    }
    office.call("res.partner", "web_save", [], values, specification={"display_name": {}})


def file_import(office, person):
    """A file on Odoo's import screen, with all further addresses of a kind in one column."""
    row = _with_all_addresses(person)
    file = io.StringIO()
    columns = [",".join(value) if isinstance(value, list) else value for value in row.values()]
    csv.writer(file).writerows([row, columns])
    wizard_id = office.call("base_import.import", "create", {"res_model": "res.partner"})
    page = office.administrator.get(f"{office.url}/odoo", timeout=TIMEOUT).text
    office.post(
        "/base_import/set_file",
        office.administrator,
        data={"id": wizard_id, "csrf_token": page.partition('csrf_token: "')[2].partition('"')[0]},
        files={"ufile": ("people.csv", file.getvalue().encode(), "text/csv")},
    )
    options = {"quoting": '"', "separator": ",", "has_headers": True}
    result = office.call("base_import.import", "execute_import", [wizard_id], [*row], [*row], options)
    assert not result["messages"]
    if result["registration"]["counts"].get("refused"):
        raise Refused(result["registration"]["rows"][0]["reason"])


def dropped_vcard(office, person):
    """A card that is dropped on the list of contacts, and imported from the preview."""
    content = base64.b64encode(_compose_card(person)).decode()
    files = [{"name": "card.vcf", "content": content}]
    preview_id = office.call("contact.vcard.import", "action_preview", files)["res_id"]
    office.call("contact.vcard.import", "action_import", [preview_id])


def program(office, person):
    """Code of an add-on."""
    outcome = office.env["res.partner"]._register_contacts([_with_all_addresses(person)], "api")
    office.env.cr.commit()
    if outcome.result == "refused":
        raise Refused(outcome.reason)


# ------------------------------------------------------------
# REGISTRATION SOURCES
# ------------------------------------------------------------


def own_form(office, person):
    """A form of a page elsewhere, with a field for every address."""
    fields = [("nombre", person.name)]
    fields += [("email", email) for email in person.emails]
    fields += [("phone", phone) for phone in person.phones]
    _send_to_source(office, data=fields)


def script(office, person):
    """A script that sends JSON."""
    _send_to_source(office, json={"name": person.name, "emails": person.emails, "phones": person.phones})


def hosted_page(office, person):
    """The page that comes with a source, its hidden fields included."""
    page = html.fromstring(requests.get(office.form.form_url, timeout=TIMEOUT).text)
    (form,) = page.xpath("//form[contains(@action, '/escala/register/')]")
    fields = {**form.fields, "name": person.name, "email": person.email, "phone": person.phone}
    del fields["escala_nickname"]
    _send_to_source(office, data=fields)


def lead_ad(office, person):
    """A lead of Facebook's, announced and then fetched."""
    number = str(next(_numbers))
    office.graph.leads[number] = {
        "full_name": [person.name],
        "email": [*person.emails],
        "phone_number": [*person.phones],
    }
    body, headers = office.graph.announce(number)
    answer = office.post(f"/escala/facebook/{office.lead_ads.token}", data=body, headers=headers)
    assert answer.status_code == 200
    office.register_waiting()


def _send_to_source(office, **content):
    answer = office.post(f"/escala/register/{office.form.token}", **content)
    if answer.status_code == 422:
        raise Refused(answer.text)
    assert answer.status_code in (202, 303)
    office.register_waiting()


# ------------------------------------------------------------
# ODOO'S WEBSITE
# ------------------------------------------------------------


def website_contact_form(office, person):
    """A form of the website that makes contacts."""
    fields = {"name": person.name, "email": person.email, "phone": person.phone}
    _send_to_website(office, "res.partner", fields)


def website_lead_form(office, person):
    """A form of the website that makes leads, such as *Contact us*."""
    fields = {
        "name": "Roof",
        "contact_name": person.name,
        "email_from": person.email,
        "phone": person.phone,
    }
    _send_to_website(office, "crm.lead", fields)


def _send_to_website(office, model, fields):
    filled_in = {name: value for name, value in fields.items() if value}
    answer = office.post(f"/website/form/{model}", data=filled_in).json()
    if not answer.get("id"):
        raise Refused(json.dumps(answer))


# ------------------------------------------------------------
# MAIL
# ------------------------------------------------------------


def mail(office, person):
    """A letter in a mailbox. It tells an e-mail address; a phone in its text is not read."""
    sender = f"{person.name} <{person.emails[0] if person.emails else f'mail{next(_numbers)}@new.example'}>"
    _receive(office, compose(sender, f"Letter {next(_numbers)}", text=f"Hello, {person.phone}"))


def vcard(office, person):
    """A card that is attached to the letter of somebody else."""
    sender = f"mail{next(_numbers)}@new.example"
    attachments = [("card.vcf", "text/vcard", _compose_card(person))]
    _receive(office, compose(sender, f"Card {next(_numbers)}", attachments=attachments))


def _receive(office, letter):
    deliver(office.dovecot, office.mailbox.email, [letter])
    assert sum(report.seen for report in sync(office.mailbox)) == 1


def _compose_card(person):
    lines = [f"EMAIL:{email}\r\n" for email in person.emails]
    lines += [f"TEL:{phone}\r\n" for phone in person.phones]
    return CARD.format(name=person.name, lines="".join(lines)).encode()


def _with_all_addresses(person):
    return {
        "name": person.name,
        "email": next(iter(person.emails), ""),
        "alternative_emails": [*person.emails[1:]],
        "phone": next(iter(person.phones), ""),
        "alternative_phones": [*person.phones[1:]],
    }


DOORS = (
    by_hand,
    file_import,
    dropped_vcard,
    program,
    own_form,
    script,
    hosted_page,
    lead_ad,
    website_contact_form,
    website_lead_form,
    mail,
    vcard,
)
