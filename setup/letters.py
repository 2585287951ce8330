"""E-mails as a sales mailbox gets them, of unknown people and of known ones: any number, the same ones every time."""

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

RECIPIENT = Address("Ventas Nórdica", "ventas", "nordica.example")
FIRST_DATE = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=1)))
WORDS = (50, 400)
WITH_HTML, WITH_ATTACHMENT = 0.7, 0.2  # of the messages
ATTACHMENT_BYTES = (1_500, 4_500)
CHARSETS = (("utf-8", "quoted-printable"),) * 6 + (("utf-8", "base64"),) * 2 + (("iso-8859-1", "8bit"),) * 2

GIVEN_NAMES = (
    "Ana", "Íñigo", "Lucía", "José María", "Begoña", "Sofía", "Andrés", "Núria", "Hugo", "Inés", "Martín",
    "Emily", "Oliver", "Grace", "Liam", "Zoë", "Noah", "Chloé", "Ethan", "Ruby", "Jürgen", "Bjørn", "Anaïs",
)  # fmt: skip
FAMILY_NAMES = (
    "García", "Núñez", "Fernández", "Ibáñez", "Muñoz", "Peña", "Ortega", "Sáez", "Vidal", "Castro", "Rueda",
    "Walker", "Hughes", "Bennett", "O'Neill", "Murray", "Foster", "Sørensen", "Müller", "Rossi", "Novak",
)  # fmt: skip
TRADES = ("talleres", "instalaciones", "hoteles", "clinica", "bakery", "logistics", "studio", "schools")
PRODUCTS = {
    "es": ("armarios frigoríficos", "cámaras de frío", "vitrinas", "equipos de climatización", "repuestos"),
    "en": ("cold rooms", "display cabinets", "air handlers", "spare compressors", "maintenance contracts"),
}
PLACES = ("Vigo", "León", "Málaga", "Cádiz", "Leeds", "Cork", "Bristol", "Logroño", "Almería", "Dundee")
SUBJECTS = {
    "es": (
        "Presupuesto para {number} {product}",
        "Consulta sobre {product} en {place}",
        "Información y plazos: {product}",
        "Ampliación de nuestra nave de {place} ({number} m²)",
    ),
    "en": (
        "Quote for {number} {product}",
        "Question about {product} in {place}",
        "Lead times for {product}",
        "New site in {place}: {number} sq m",
    ),
}
SENTENCES = {
    "es": (
        "Les escribo porque necesitamos {number} {product} para nuestro local de {place}.",
        "Nos los recomendó un proveedor con el que trabajamos desde hace {number} años.",
        "¿Podrían enviarnos un presupuesto con los plazos de entrega y las condiciones de pago?",
        "La instalación tendría que estar terminada antes del día {number} del mes que viene.",
        "Ahora mismo tenemos un equipo antiguo que consume demasiado y hace bastante ruido.",
        "En la visita del martes medimos el espacio disponible: unos {number} metros cuadrados.",
        "También nos interesaría saber si ofrecen mantenimiento en {place} y alrededores.",
        "Si les parece bien, podemos hablar por teléfono cualquier mañana a partir de las nueve.",
        "El año pasado pedimos precio a otra empresa, pero la garantía no nos convenció.",
        "Además de los {product}, habría que retirar el material viejo y reciclarlo.",
        "Nuestro arquitecto necesita las fichas técnicas y los planos de conexión.",
        "Quedo a la espera de su respuesta y les agradezco de antemano su atención.",
    ),
    "en": (
        "I am writing because we need {number} {product} for our premises in {place}.",
        "A supplier we have worked with for {number} years suggested that we ask you.",
        "Could you send us a quote with delivery times and payment terms?",
        "The installation would have to be finished before the {number}th of next month.",
        "At the moment we run an old unit that uses too much power and is rather noisy.",
        "We measured the room on Tuesday and there are about {number} square metres to work with.",
        "It would also help to know whether you offer maintenance around {place}.",
        "If that suits you we can talk on the phone any morning after nine.",
        "Last year we asked another company, but their warranty was not what we had hoped for.",
        "Besides the {product}, the old equipment would have to be removed and recycled.",
        "Our architect needs the data sheets and the connection drawings — PDF is fine.",
        "I look forward to hearing from you, and thank you for your time.",
    ),
}
GREETINGS = {"es": "Buenos días:", "en": "Good morning,"}
FAREWELLS = {"es": "Un cordial saludo,", "en": "Kind regards,"}
FILES = (
    ("Plano de planta.pdf", "application", "pdf", b"%PDF-1.4\n"),
    ("requirements.pdf", "application", "pdf", b"%PDF-1.7\n"),
    ("mediciones.ods", "application", "vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
)
STYLE = (
    "p{margin:0 0 12px 0;font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f1f1f}"
    "a:link{color:#0563c1;text-decoration:underline}.firma{border-top:1px solid #cccccc;padding-top:8px}"
)


@dataclass(frozen=True)
class Letter:
    """One message and what has to be found of it in Odoo afterwards."""

    sender: str
    message_id: str
    subject: str
    paragraphs: tuple[str, ...]
    attachments: dict[str, bytes] = field(repr=False)
    raw: bytes = field(repr=False)


def first_contacts(count: int, first: int = 0) -> list[Letter]:
    """Return the letters with these numbers, each from an address of its own that nobody knows."""
    return [_letter(number, _sender(random.Random(number), number)) for number in range(first, first + count)]


def replies(count: int, contacts: int) -> list[Letter]:
    """Return answers of so many contacts in turn to what they were written, as `question_id` names it."""
    return [
        _letter(number, known_contact(number % contacts), question_id(number % contacts))
        for number in range(count)
    ]


def known_contact(number: int) -> Address:
    """Return the name and address of somebody who is a contact."""
    return _sender(random.Random(f"contact {number}"), 1_000_000 + number)


def question_id(number: int) -> str:
    """Return the Message-ID of what was written to that contact."""
    return f"<question.{number}@{RECIPIENT.domain}>"


def write_text(chance: random.Random) -> tuple[str, str, tuple[str, ...]]:
    """Return what somebody might write: the language, a subject and paragraphs."""
    language = chance.choice(("es", "en"))
    subject = _fill(chance, language, chance.choice(SUBJECTS[language]))
    return language, subject, _paragraphs(chance, language)


def _letter(number: int, sender: Address, in_reply_to: str = "") -> Letter:
    chance = random.Random(number)  # the same message, however many are asked for
    language, subject, paragraphs = write_text(chance)
    attachments = _attachments(chance)
    message = _envelope(chance, number, sender, subject)
    if in_reply_to:
        message["In-Reply-To"] = message["References"] = in_reply_to
    _add_content(chance, message, language, sender, paragraphs, attachments)
    for position, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"----=_Part_{number}_{position}.{chance.getrandbits(64):016x}")
    return Letter(
        sender=sender.addr_spec,
        message_id=message["Message-ID"],
        subject=subject,
        paragraphs=paragraphs,
        attachments={name: content for name, *_type, content in attachments},
        raw=message.as_bytes(policy=SMTP),
    )


def _sender(chance: random.Random, number: int) -> Address:
    given, family = chance.choice(GIVEN_NAMES), chance.choice(FAMILY_NAMES)
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode().lower()
    user = "".join(character for character in plain if character.isalpha() or character == ".")
    return Address(f"{given} {family}", user, f"{chance.choice(TRADES)}{number}.example")


def _fill(chance: random.Random, language: str, text: str) -> str:
    return text.format(
        number=chance.randint(2, 28), product=chance.choice(PRODUCTS[language]), place=chance.choice(PLACES)
    )


def _paragraphs(chance: random.Random, language: str) -> tuple[str, ...]:
    wanted = chance.randint(*WORDS)
    paragraphs, words = [], 0
    while words < wanted:
        sentences = chance.choices(SENTENCES[language], k=chance.randint(2, 4))
        paragraphs.append(" ".join(_fill(chance, language, sentence) for sentence in sentences))
        words += len(paragraphs[-1].split())
    return tuple(paragraphs)


def _attachments(chance: random.Random) -> list[tuple[str, str, str, bytes]]:
    if chance.random() >= WITH_ATTACHMENT:
        return []
    name, kind, subtype, start = chance.choice(FILES)
    return [(name, kind, subtype, start + chance.randbytes(chance.randint(*ATTACHMENT_BYTES)))]


def _envelope(chance: random.Random, number: int, sender: Address, subject: str) -> EmailMessage:
    date = FIRST_DATE + timedelta(minutes=7 * number)
    message = EmailMessage(policy=SMTP)
    message["Return-Path"] = f"<{sender.addr_spec}>"
    message["Delivered-To"] = RECIPIENT.addr_spec
    hops = ("mx1.nordica.example", "relay.nube.example", f"mail.{sender.domain}")
    for position, (host, previous) in enumerate(zip(hops, (*hops[1:], "[192.0.2.17]"), strict=True)):
        received = date + timedelta(seconds=len(hops) - position)
        message["Received"] = (
            f"from {previous} ({previous} [198.51.100.{chance.randint(1, 254)}]) by {host} (Postfix)"
            f" with ESMTPS id {chance.getrandbits(48):012X} for <{RECIPIENT.addr_spec}>;"
            f" {received:%a, %d %b %Y %H:%M:%S %z}"
        )
    message["Authentication-Results"] = f"mx1.nordica.example; dkim=pass header.d={sender.domain}; spf=pass"
    signed = "a=rsa-sha256; c=relaxed/relaxed; h=from:to:subject:date:message-id:mime-version:content-type"
    message["ARC-Seal"] = f"i=1; a=rsa-sha256; d=nube.example; s=arc; cv=none; b={_noise(chance, 5)}"
    message["ARC-Message-Signature"] = f"i=1; {signed}; d=nube.example; s=arc; b={_noise(chance, 5)}"
    message["DKIM-Signature"] = f"v=1; {signed}; d={sender.domain}; s=mail2026; b={_noise(chance, 5)}"
    message["X-Microsoft-Antispam-Message-Info"] = _noise(chance, 12)
    message["From"] = sender
    message["To"] = RECIPIENT
    message["Subject"] = subject
    message["Date"] = date
    message["Message-ID"] = f"<{chance.getrandbits(80):020x}@{sender.domain}>"
    message["MIME-Version"] = "1.0"
    message["X-Mailer"] = chance.choice(("Microsoft Outlook 16.0", "Apple Mail (2.3774)", "Thunderbird 128"))
    message["Thread-Topic"] = subject
    message["X-Originating-IP"] = f"[203.0.113.{chance.randint(1, 254)}]"
    return message


def _noise(chance: random.Random, lines: int) -> str:
    """Return what signatures and filters leave in a header: lines of 60 characters."""
    return " ".join(f"{chance.getrandbits(240):060x}" for _ in range(lines))


def _add_content(chance, message, language, sender, paragraphs, attachments) -> None:
    charset, encoding = chance.choice(CHARSETS)
    if charset != "utf-8" and any("—" in paragraph for paragraph in paragraphs):
        charset, encoding = "utf-8", "quoted-printable"
    company = sender.domain.split(".")[0].capitalize()
    phone = f"+34 6{chance.randint(10_000_000, 99_999_999)}"
    signature = f"{sender.display_name}\n{company}\n{phone}"
    lines = (GREETINGS[language], *paragraphs, FAREWELLS[language], signature)
    message.set_content("\n\n".join(lines) + "\n", charset=charset, cte=encoding)
    if chance.random() < WITH_HTML:
        html = _html(language, sender, company, phone, paragraphs)
        message.add_alternative(html, subtype="html", charset=charset, cte=encoding)
    for name, kind, subtype, content in attachments:
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)


def _html(language, sender, company, phone, paragraphs) -> str:
    body = "\n".join(
        f'<p class="MsoNormal"><span lang="{language}" style="font-size:11.0pt">{escape(text)}</span></p>'
        for text in (GREETINGS[language], *paragraphs, FAREWELLS[language])
    )
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html"><style>{STYLE}</style></head>\n'
        f'<body lang="{language}" link="#0563C1"><div class="WordSection1">\n{body}\n'
        f'<table class="firma" cellpadding="0"><tr><td style="padding-right:12px">'
        f"<b>{escape(sender.display_name)}</b></td></tr>\n"
        f'<tr><td>{company} · <a href="https://www.{sender.domain}/contacto">www.{sender.domain}</a>'
        f' · <a href="tel:{phone}">{phone}</a></td></tr></table>\n</div></body></html>\n'
    )
