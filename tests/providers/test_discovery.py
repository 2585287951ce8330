"""Where the servers of an address are: known providers, a real DNS server, and servers that answer."""

import functools
import socket
import time
from types import SimpleNamespace

import dns.name
import pytest

from escala_mail_sync.providers import PROVIDERS, Server, by_domain, by_mx, discover, guesses
from escala_mail_sync.providers.dns_records import TIMEOUT, Dns, choose
from setup import dns_server
from tests.smtp.server import Rules, running

NOWHERE = Dns(["127.0.0.1"], 1, timeout=0.2)


def asking(server) -> Dns:
    return Dns([server.host], server.port)


@pytest.mark.parametrize(
    ("address", "imap", "smtp", "login"),
    [
        ("laura@gmail.com", Server("imap.gmail.com", 993, "tls"), Server("smtp.gmail.com", 465, "tls"), ""),
        ("laura@Hotmail.es", None, Server("smtp-mail.outlook.com", 587, "starttls"), ""),
        ("laura@free.fr", Server("imap.free.fr", 993, "tls"), None, "laura"),
        ("laura@gmx.de", Server("imap.gmx.net", 993, "tls"), Server("mail.gmx.net", 587, "starttls"), ""),
    ],
)
def test_known_providers_are_recognised_by_the_address_and_nobody_is_asked(address, imap, smtp, login):
    found = discover(address, NOWHERE)
    assert found.origin == "domain"
    assert imap in (None, found.imap)
    assert smtp in (None, found.smtp)
    assert found.login == login


def test_every_domain_belongs_to_one_provider_and_every_server_is_encrypted():
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    endings = [ending for provider in PROVIDERS for ending in provider.mx]
    assert len(domains) == len(set(domains))
    assert len(endings) == len(set(endings))
    for provider in PROVIDERS:
        assert provider.domains or provider.mx
        assert by_domain((provider.domains or ["x"])[0]) in (provider, None)
        assert {provider.imap.security, provider.smtp.security} <= {"tls", "starttls"}


@pytest.mark.parametrize(
    ("mx", "name"),
    [
        ("aspmx.l.google.com", "Google"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "Google"),
        ("nordica-example.mail.protection.outlook.com", "Microsoft"),
        ("hotmail-com.olc.protection.outlook.com", "Outlook.com"),
        ("mx00.ionos.es", "IONOS"),
        ("mx1.mail.ovh.net", "OVHcloud"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mx.notgoogle.com", None),
    ],
)
def test_providers_are_recognised_by_the_incoming_servers(mx, name):
    provider = by_mx([mx])
    assert (provider.name if provider else None) == name


def test_the_preferred_incoming_server_counts():
    with dns_server.running(
        {("nordica.example", "MX"): ["20 mx.yandex.net.", "10 aspmx.l.google.com."]}
    ) as server:
        found = discover("laura@nordica.example", asking(server), True)
    assert (found.origin, found.provider.name) == ("mx", "Google")


def test_what_the_domain_says_itself_with_tls_first():
    with dns_server.running(
        {
            ("_imap._tcp.nordica.example", "SRV"): ["0 1 143 old.nordica.example."],
            ("_imaps._tcp.nordica.example", "SRV"): ["0 1 9993 Buzon.nordica.example."],
            ("_submissions._tcp.nordica.example", "SRV"): ["0 0 0 ."],
            ("_submission._tcp.nordica.example", "SRV"): [
                "20 1 587 spare.nordica.example.",
                "10 1 588 sale.nordica.example.",
            ],
        }
    ) as server:
        found = discover("laura@nordica.example", asking(server), True)
    assert found.origin == "srv"
    assert found.imap == Server("buzon.nordica.example", 9993, "tls")
    assert found.smtp == Server("sale.nordica.example", 588, "starttls")


def record(priority, weight, name):
    return SimpleNamespace(priority=priority, weight=weight, target=dns.name.from_text(name))


def test_of_several_servers_the_weight_decides_within_a_priority():
    heavy, light, late = record(1, 30, "heavy"), record(1, 10, "light"), record(2, 100, "late")
    picked = [
        choose([late, heavy, light], lambda total, share=share: total * share)
        for share in (0.1, 0.25, 0.5, 0.99)
    ]
    assert picked == [light, light, heavy, heavy]
    assert choose([record(0, 0, ".")]) is None
    assert choose([record(0, 0, "a")], lambda total: total).target.to_text() == "a."
    assert choose([]) is None


def test_a_dns_that_says_nothing_is_waited_for_once():
    """Not once for each question."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        started = time.monotonic()
        records = Dns(["127.0.0.1"], silent.getsockname()[1]).look_up("nordica.example")
    assert time.monotonic() - started < 2 * TIMEOUT
    assert (records.mx, records.imap, records.smtp) == ((), None, None)


@pytest.mark.parametrize("domain", ["a..b", "x" * 70 + ".example", "ñandú.example"])
def test_names_that_are_none_or_foreign(domain):
    assert NOWHERE.look_up(domain).mx == ()


def test_without_any_word_the_usual_places_are_guessed():
    found = discover("laura@nowhere.invalid", NOWHERE)
    assert found.origin == "guess"
    assert found.imap == Server("imap.nowhere.invalid", 993, "tls")
    assert found.smtp == Server("smtp.nowhere.invalid", 465, "tls")
    assert [server.port for server in guesses.guess_imap("x.es")] == [993] * 3 + [143] * 3
    assert [server.port for server in guesses.guess_smtp("x.es")] == [465] * 3 + [587] * 3


@pytest.fixture
def trusted(dovecot, monkeypatch):
    """The loopback server's certificate counts like one of the system's authorities, however slow it is."""
    monkeypatch.setattr(guesses, "TIMEOUT", 60)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))


def test_the_first_guess_that_answers_is_taken(dovecot, trusted):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = Server("127.0.0.1", listener.getsockname()[1], "tls")
    tls, plain = Server("localhost", dovecot.tls_port, "tls"), Server("localhost", dovecot.port, "starttls")
    first = functools.partial(
        guesses.first_that_answers, answers=guesses.answers_imap, allow_private=True, timeout=60
    )
    assert first([refused, tls, plain]) == tls
    assert first([refused, plain, tls]) == plain
    assert first([refused]) is None


def test_a_server_without_a_valid_certificate_is_no_answer(dovecot):
    assert not guesses.answers_imap(Server("localhost", dovecot.tls_port, "tls"), True)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_smtp_servers_answer_if_they_let_people_log_in(dovecot, trusted, security):
    certificate = dovecot.certificate, dovecot.certificate.with_name("key.pem")
    with running(Rules(), security, certificate) as port:
        assert guesses.answers_smtp(Server("localhost", port, security), True)
        assert not guesses.answers_imap(Server("localhost", port, security), True)
    with running(Rules(), security, certificate, auth_exclude_mechanism=("PLAIN", "LOGIN")) as port:
        assert not guesses.answers_smtp(Server("localhost", port, security), True)


def test_nobody_waits_for_a_server_that_says_nothing(monkeypatch):
    monkeypatch.setattr(guesses, "TIMEOUT", 60)  # what the try itself would wait
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server("127.0.0.1", silent.getsockname()[1], "tls")
        started = time.monotonic()
        assert guesses.first_that_answers([server], guesses.answers_imap, True, timeout=0.5) is None
    assert time.monotonic() - started < 30
