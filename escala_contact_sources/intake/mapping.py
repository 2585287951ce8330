"""Which field of a form is which of a contact: as the source says, else by the names that people use."""

from dataclasses import dataclass, field

# What a box or a choice says that is not consent.
NO = {"0", "no", "false", "off"}
# In the spelling of `_fold`. Where a name is not here, the field goes into the message, so that nothing is lost.
SYNONYMS = {
    "name": "name fullname yourname nombre nombrecompleto nombreyapellidos contactname",
    "first_name": "firstname givenname nombrepila primernombre",
    "last_name": "lastname surname familyname apellido apellidos",
    "email": "email emails mail emailaddress correo correoelectronico youremail workemail otheremails",
    "phone": "phone phones phonenumber tel telefono telephone mobile movil celular workphone otherphones",
    "company_name": "company companyname organization organisation empresa",
    "function": "jobtitle position function cargo puesto",
    "street": "street address streetaddress direccion calle",
    "zip": "zip zipcode postcode postalcode codigopostal cp",
    "city": "city town ciudad poblacion localidad",
    "country": "country countrycode pais",
    "website": "website url web sitioweb",
    "lang": "lang language locale idioma",
    "subject": "subject asunto",
    "message": "message comments comment mensaje comentarios consulta",
    "consent": "consent privacy gdpr rgpd consentimiento",
}
TARGET_BY_NAME = {name: target for target, names in SYNONYMS.items() for name in names.split()}
ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


@dataclass
class Intake:
    """The fields of a submission by what they are."""

    contact: dict[str, str] = field(default_factory=dict)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    subject: str = ""
    message: str = ""
    consent: bool = False
    # field of the form -> target, for people to see
    targets: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Who it is about, in short."""
        return (self.contact.get("name") or next(iter(self.emails + self.phones), ""))[:100]


def map_fields(fields: dict[str, list[str]], chosen: dict[str, str]) -> Intake:
    """Sort the fields of a submission.

    :param fields: see `flatten`
    :param chosen: what the source says of fields, by their name; it goes before what the name says
    """
    found = Intake()
    chosen = {_fold(name): target for name, target in chosen.items()}
    names, lines = {}, []
    for name, texts in fields.items():
        folded = _fold(name)
        target = chosen.get(folded) or TARGET_BY_NAME.get(folded) or ""
        found.targets[name] = target or "message"
        if target == "email":
            found.emails += texts
        elif target == "phone":
            found.phones += texts
        elif target in ("name", "first_name", "last_name"):
            names.setdefault(target, " ".join(texts))
        elif target == "consent":
            found.consent = texts[0].casefold() not in NO
        elif target == "subject":
            found.subject = found.subject or texts[0]
        elif target == "message":
            lines[:0] = texts
        elif not target:
            lines.append(f"{name}: {', '.join(texts)}")
        elif target != "ignore":
            found.contact.setdefault(target, texts[0])
    full_name = names.get("name") or " ".join(
        names[part] for part in ("first_name", "last_name") if part in names
    )
    if full_name:
        found.contact["name"] = full_name
    found.message = "\n".join(lines)
    return found


def _fold(name: str) -> str:
    """Return a name of a field without what people write in many ways: case, accents, dashes.

    >>> _fold("Correo-Electrónico")
    'correoelectronico'
    """
    return "".join(letter for letter in name.casefold().translate(ACCENTS) if letter.isalnum())
