"""The large providers and where their servers are, as each of them publishes it for mail programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens; ``security`` is ``tls``, ``starttls`` or ``none``."""

    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of mailboxes.

    :param domains: of its addresses
    :param mx: what the names of its incoming servers end in, for customers with a domain of their own
    :param login: ``address``, or ``name`` where it is what stands before the @
    :param password: ``normal``; ``app`` where one is made for mail programs in the account's security settings,
        ``mail`` where it is another one than that of the account; ``none`` where programs may
        only sign in through the browser
    :param sign_in: ``google`` or ``microsoft`` where one can sign in through the browser
    :param switch: whether IMAP has to be switched on in the settings of the webmail
    :param help_url: the provider's page where that password is made
    """

    name: str
    imap: Server
    smtp: Server
    domains: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    login: str = "address"
    password: str = "normal"  # noqa: S105  a kind of password
    sign_in: str = ""
    switch: bool = False
    help_url: str = ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _tls(host: str, port: int = 993) -> Server:
    return Server(host, port, "tls")


def _starttls(host: str, port: int = 587) -> Server:
    return Server(host, port, "starttls")


PROVIDERS = (
    Provider(
        "Google",
        _tls("imap.gmail.com"),
        _tls("smtp.gmail.com", 465),
        _words("gmail.com googlemail.com"),
        _words("google.com googlemail.com"),
        password="app",  # noqa: S106
        sign_in="google",
        help_url="https://myaccount.google.com/apppasswords",
    ),
    Provider(
        "Microsoft",
        _tls("outlook.office365.com"),
        _starttls("smtp.office365.com"),
        (),
        _words("mail.protection.outlook.com mx.microsoft"),
        password="none",  # noqa: S106
        sign_in="microsoft",
    ),
    Provider(
        "Outlook.com",
        _tls("outlook.office365.com"),
        _starttls("smtp-mail.outlook.com"),
        _words("""outlook.com outlook.es outlook.fr outlook.de outlook.it outlook.pt outlook.at outlook.be hotmail.com
            hotmail.es hotmail.fr hotmail.de hotmail.it hotmail.co.uk live.com live.fr live.de live.it live.co.uk
            live.nl msn.com passport.com windowslive.com"""),
        _words("olc.protection.outlook.com"),
        password="none",  # noqa: S106
        sign_in="microsoft",
    ),
    Provider(
        "Yahoo",
        _tls("imap.mail.yahoo.com"),
        _tls("smtp.mail.yahoo.com", 465),
        _words("""yahoo.com yahoo.es yahoo.fr yahoo.de yahoo.it yahoo.co.uk yahoo.com.mx yahoo.com.ar yahoo.com.br
            ymail.com rocketmail.com myyahoo.com"""),
        _words("yahoodns.net"),
        password="app",  # noqa: S106
        help_url="https://login.yahoo.com/account/security",
    ),
    Provider(
        "AOL",
        _tls("imap.aol.com"),
        _tls("smtp.aol.com", 465),
        _words("aol.com aim.com aol.de aol.fr aol.co.uk aol.it"),
        password="app",  # noqa: S106
        help_url="https://login.aol.com/account/security",
    ),
    Provider(
        "iCloud",
        _tls("imap.mail.me.com"),
        _starttls("smtp.mail.me.com"),
        _words("icloud.com me.com mac.com"),
        _words("mail.icloud.com"),
        password="app",  # noqa: S106
        help_url="https://account.apple.com",
    ),
    Provider(
        "GMX",
        _tls("imap.gmx.net"),
        _starttls("mail.gmx.net"),
        _words("gmx.de gmx.net gmx.at gmx.ch"),
        switch=True,
    ),
    Provider(
        "GMX",
        _tls("imap.gmx.com"),
        _starttls("mail.gmx.com"),
        _words("gmx.com gmx.us gmx.co.uk gmx.es gmx.fr"),
        switch=True,
    ),
    Provider("web.de", _tls("imap.web.de"), _starttls("smtp.web.de"), _words("web.de email.de"), switch=True),
    Provider("mail.com", _tls("imap.mail.com"), _starttls("smtp.mail.com"), _words("mail.com email.com")),
    Provider(
        "Zoho",
        _tls("imap.zoho.eu"),
        _tls("smtp.zoho.eu", 465),
        _words("zohomail.eu"),
        _words("zoho.eu"),
        password="app",  # noqa: S106
        switch=True,
        help_url="https://accounts.zoho.eu/home#security/app_password",
    ),
    Provider(
        "Zoho",
        _tls("imap.zoho.com"),
        _tls("smtp.zoho.com", 465),
        _words("zoho.com zohomail.com"),
        _words("zoho.com"),
        password="app",  # noqa: S106
        switch=True,
        help_url="https://accounts.zoho.com/home#security/app_password",
    ),
    Provider(
        "Fastmail",
        _tls("imap.fastmail.com"),
        _tls("smtp.fastmail.com", 465),
        _words("fastmail.com fastmail.fm fastmail.net fastmail.org messagingengine.com sent.com"),
        _words("messagingengine.com"),
        password="app",  # noqa: S106
        help_url="https://app.fastmail.com/settings/security",
    ),
    Provider(
        "Yandex",
        _tls("imap.yandex.com"),
        _tls("smtp.yandex.com", 465),
        _words("yandex.com yandex.ru yandex.by yandex.kz ya.ru"),
        _words("mx.yandex.net mx.yandex.ru"),
        password="app",  # noqa: S106
        switch=True,
        help_url="https://id.yandex.com/security/app-passwords",
    ),
    Provider(
        "Mail.ru",
        _tls("imap.mail.ru"),
        _tls("smtp.mail.ru", 465),
        _words("mail.ru bk.ru inbox.ru list.ru internet.ru"),
        _words("mxs.mail.ru emx.mail.ru"),
        password="app",  # noqa: S106
    ),
    Provider(
        "IONOS",
        _tls("imap.ionos.es"),
        _tls("smtp.ionos.es", 465),
        (),
        _words("ionos.es 1and1.es"),
    ),
    Provider(
        "IONOS",
        _tls("imap.ionos.de"),
        _tls("smtp.ionos.de", 465),
        _words("online.de"),
        _words("ionos.de kundenserver.de 1und1.de"),
    ),
    Provider(
        "IONOS",
        _tls("imap.ionos.fr"),
        _tls("smtp.ionos.fr", 465),
        (),
        _words("ionos.fr 1and1.fr"),
    ),
    Provider(
        "IONOS",
        _tls("imap.ionos.co.uk"),
        _tls("smtp.ionos.co.uk", 465),
        (),
        _words("ionos.co.uk 1and1.co.uk"),
    ),
    Provider(
        "IONOS",
        _tls("imap.ionos.com"),
        _tls("smtp.ionos.com", 465),
        (),
        _words("ionos.com perfora.net 1and1.com"),
    ),
    Provider(
        "OVHcloud",
        _tls("ssl0.ovh.net"),
        _tls("ssl0.ovh.net", 465),
        _words("ovh.net"),
        _words("mail.ovh.net"),
    ),
    Provider("Gandi", _tls("mail.gandi.net"), _tls("mail.gandi.net", 465), (), _words("mail.gandi.net")),
    Provider(
        "Infomaniak",
        _tls("mail.infomaniak.com"),
        _tls("mail.infomaniak.com", 465),
        _words("ik.me ikmail.com etik.com"),
        _words("infomaniak.ch infomaniak.com"),
        password="mail",  # noqa: S106
    ),
    Provider("Strato", _tls("imap.strato.de"), _tls("smtp.strato.de", 465), (), _words("rzone.de")),
    Provider(
        "T-Online",
        _tls("secureimap.t-online.de"),
        _tls("securesmtp.t-online.de", 465),
        _words("t-online.de magenta.de"),
        password="mail",  # noqa: S106
    ),
    Provider(
        "Orange",
        _tls("imap.orange.fr"),
        _tls("smtp.orange.fr", 465),
        _words("orange.fr wanadoo.fr"),
        switch=True,
    ),
    Provider("Free", _tls("imap.free.fr"), _tls("smtp.free.fr", 465), _words("free.fr"), login="name"),
    Provider("Movistar", _tls("imap.movistar.es"), _starttls("smtp.movistar.es"), _words("movistar.es")),
    Provider(
        "Telefónica", _tls("imap.telefonica.net"), _starttls("smtp.telefonica.net"), _words("telefonica.net")
    ),
    Provider(
        "Arsys",
        _tls("imap.serviciodecorreo.es"),
        _tls("smtp.serviciodecorreo.es", 465),
        (),
        _words("serviciodecorreo.es"),
    ),
    Provider(
        "DonDominio",
        _tls("imap.dondominio.com"),
        _tls("smtp.dondominio.com", 465),
        (),
        _words("dondominio.com"),
    ),
    Provider(
        "Hostinger",
        _tls("imap.hostinger.com"),
        _tls("smtp.hostinger.com", 465),
        (),
        _words("hostinger.com"),
    ),
    Provider(
        "GoDaddy",
        _tls("imap.secureserver.net"),
        _tls("smtpout.secureserver.net", 465),
        (),
        _words("secureserver.net"),
    ),
    Provider(
        "Rackspace",
        _tls("secure.emailsrvr.com"),
        _tls("secure.emailsrvr.com", 465),
        (),
        _words("emailsrvr.com"),
    ),
)
_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}
# the longest ending first: a part of a provider may have servers of its own
_BY_MX = sorted(
    ((f".{ending}", provider) for provider in PROVIDERS for ending in provider.mx),
    key=lambda pair: -len(pair[0]),
)


def by_domain(domain: str) -> Provider | None:
    """The provider whose addresses end in ``@domain``."""
    return _BY_DOMAIN.get(domain.lower())


def by_mx(hosts: Iterable[str]) -> Provider | None:
    """The provider that takes the mail of a domain with these incoming servers, in the order of their preference."""
    for host in hosts:
        name = f".{host.rstrip('.').lower()}"
        for ending, provider in _BY_MX:
            if name.endswith(ending):
                return provider
    return None
