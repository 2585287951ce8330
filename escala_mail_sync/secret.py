"""Mailbox passwords at rest: encrypted with a key that is not in the database.

The key is, in this order: `escala_secret_key` in Odoo's configuration file, the environment variable
ESCALA_SECRET_KEY, a file in Odoo's data directory that is made at first use, readable by its owner only.
"""

import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo.tools import config

ENVIRONMENT_VARIABLE = "ESCALA_SECRET_KEY"
CONFIGURATION_OPTION = "escala_secret_key"


class SecretUnreadable(Exception):
    """The stored secret was encrypted with another key than the one at hand."""


def encrypt(text: str) -> str:
    """Return `text` as a Fernet token, which is ASCII.

    Raises ValueError when the configured key is no Fernet key (32 bytes, URL-safe base64).
    """
    return Fernet(_key()).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text that `encrypt` was given.

    Raises SecretUnreadable when the key has changed, as in a copy of the database on another machine.
    """
    try:
        return Fernet(_key()).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def _key() -> bytes:
    given = config.get(CONFIGURATION_OPTION) or os.environ.get(ENVIRONMENT_VARIABLE)
    return given.encode() if given else _key_file()


def _key_file() -> bytes:
    """Read the key file, or make it; of two processes that make it at once, both use the first one's."""
    path = Path(config["data_dir"]) / "escala" / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, own = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        os.unlink(own)
    return path.read_bytes()
