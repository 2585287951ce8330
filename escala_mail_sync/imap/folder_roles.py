"""What the folders of a mailbox are for: as the server says (RFC 6154), else by their usual names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_BY_FLAG = {
    "\\inbox": "inbox",
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\junk": "junk",
    "\\spam": "junk",
    "\\trash": "trash",
    "\\archive": "archive",
    "\\all": "all",
    "\\allmail": "all",
}
# en, es, fr, de, it, pt, ca, as the big providers and mail programs name them; without accents.
_NAMES = {
    "sent": """sent|sent items|sent mail|sent messages|enviados|elementos enviados|correo enviado
        |correos enviados|mensajes enviados|envoyes|elements envoyes|messages envoyes
        |objets envoyes|courrier envoye|gesendet|gesendete elemente|gesendete objekte
        |gesendete nachrichten|inviati|posta inviata
        |elementi inviati|messaggi inviati|itens enviados|mensagens enviadas|enviadas
        |e-mails enviados|enviats|elements enviats|missatges enviats|correu enviat""",
    "drafts": """drafts|draft|borradores|borrador|brouillons|brouillon|entwurfe|entwurf|bozze|bozza
        |rascunhos|rascunho|esborranys|esborrany""",
    "junk": """junk|junk mail|junk e-mail|junk email|spam|bulk mail|correo no deseado|correo basura
        |no deseado|courrier indesirable|indesirables|pourriel|junk-e-mail|spamverdacht
        |werbung|unerwunscht|posta indesiderata|indesiderata|lixo eletronico
        |lixo electronico|correio nao solicitado|correu brossa|brossa""",
    "trash": """trash|deleted|deleted items|deleted messages|bin|papelera|elementos eliminados
        |eliminados|correo eliminado|mensajes eliminados|corbeille|elements supprimes
        |messages supprimes|papierkorb|geloschte elemente|geloschte objekte|geloscht|cestino
        |posta eliminata|elementi eliminati|lixeira|lixo|itens excluidos|itens eliminados
        |paperera|elements suprimits|elements eliminats""",
    "archive": """archive|archives|archived|archivo|archivados|archiv|archivio|arquivo|arquivos
        |arquivo morto|arxiu|arxivats""",
    "all": """all mail|todos|todos los mensajes|tous les messages|alle nachrichten
        |tutti i messaggi|todos os e-mails""",
}
_BY_NAME = {" ".join(name.split()): role for role, names in _NAMES.items() for name in names.split("|")}


def find_roles(folders: Iterable[tuple[str, str, Sequence[str]]]) -> dict[str, str]:
    """The role of each folder that has one; a role that a flag gives is not given by name as well.

    :param folders: name, delimiter and flags of each
    """
    listed = list(folders)
    roles = {name: _role_by_flags(name, flags) for name, _delimiter, flags in listed}
    taken = set(filter(None, roles.values()))
    # the outermost folder of a name is meant: "Sent" before "Projects/2019/Sent"
    for name, delimiter, _flags in sorted(listed, key=lambda each: each[0].count(each[1]) if each[1] else 0):
        role = _BY_NAME.get(_plain(name, delimiter), "")
        if role and role not in taken and not roles[name]:
            roles[name] = role
            taken.add(role)
    return {name: role for name, role in roles.items() if role}


def _role_by_flags(name: str, flags: Sequence[str]) -> str:
    if name.upper() == "INBOX":
        # RFC 3501 §5.1: the one name that every server has, in any case
        return "inbox"
    return next((_BY_FLAG[flag.lower()] for flag in flags if flag.lower() in _BY_FLAG), "")


def _plain(name: str, delimiter: str) -> str:
    """The last part of a name, lower-case and without accents."""
    last = name.rpartition(delimiter)[2] if delimiter else name
    letters = unicodedata.normalize("NFKD", last.lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
