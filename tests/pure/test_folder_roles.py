"""Which folder is which, with and without the server's help."""

import pytest

from escala_mail_sync.imap.folder_roles import find_roles


def test_flags_win_over_names():
    roles = find_roles(
        [
            ("INBOX", "/", []),
            ("Sent", "/", []),
            ("Enviados", "/", ["\\HasNoChildren", "\\Sent"]),
            ("Spam", "/", []),
        ]
    )
    assert roles == {"INBOX": "inbox", "Enviados": "sent", "Spam": "junk"}


def test_gmail():
    roles = find_roles(
        [
            ("INBOX", "/", []),
            ("[Gmail]", "/", ["\\Noselect"]),
            ("[Gmail]/Todos", "/", ["\\All"]),
            ("[Gmail]/Papelera", "/", ["\\Trash"]),
        ]
    )
    assert roles == {"INBOX": "inbox", "[Gmail]/Todos": "all", "[Gmail]/Papelera": "trash"}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("inbox", "inbox"),
        ("INBOX.Sent Items", "sent"),
        ("Elementos enviados", "sent"),
        ("Éléments envoyés", "sent"),
        ("Gesendete Elemente", "sent"),
        ("Posta inviata", "sent"),
        ("Itens Enviados", "sent"),
        ("Elements enviats", "sent"),
        ("Borradores", "drafts"),
        ("Entwürfe", "drafts"),
        ("Esborranys", "drafts"),
        ("Correo no deseado", "junk"),
        ("Papierkorb", "trash"),
        ("Gelöschte Elemente", "trash"),
        ("Paperera", "trash"),
        ("Archivo", "archive"),
        ("Clientes", ""),
        ("Sent by fax", ""),
    ],
)
def test_names(name, role):
    assert find_roles([(name, ".", [])]).get(name, "") == role


def test_one_folder_a_role_and_the_outermost():
    listed = [("Obras/2019/Sent", "/", []), ("Sent", "/", []), ("Sent Items", "/", [])]
    assert find_roles(listed) == {"Sent": "sent"}
