"""Passwords and tokens at rest: encrypted with a key that is not in the database.

The keys are, in this order: `escala_secret_key` in Odoo's configuration file, the environment variable
ESCALA_SECRET_KEY, a file in Odoo's data directory that is made at first use, readable by its owner only. There may be
several, separated by commas or white space: the first encrypts, all decrypt. docs/secrets.md tells how to change them.
"""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

ENVIRONMENT_VARIABLE = "ESCALA_SECRET_KEY"
CONFIGURATION_OPTION = "escala_secret_key"
# How the columns of `escala.*` models that hold such secrets are called, so that a new key finds all of them.
COLUMN_SUFFIX = "_encrypted"


class SecretUnreadable(Exception):
    """The stored secret was encrypted with another key than those at hand."""


class KeyNotInFile(Exception):
    """The key is given in the configuration or the environment, so it is changed there."""


def encrypt(text: str) -> str:
    """Return `text` as a Fernet token, which is ASCII.

    Raises ValueError when a configured key is no Fernet key (32 bytes, URL-safe base64).
    """
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text that `encrypt` was given.

    Raises SecretUnreadable when the key has changed, as in a copy of the database on another machine.
    """
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def rotate(token: str) -> str:
    """Return a token with the same secret, encrypted with the first key; itself if it is that already.

    Raises SecretUnreadable as `decrypt` does.
    """
    keys = _keys()
    with contextlib.suppress(InvalidToken):
        Fernet(keys[0]).decrypt(token.encode())
        return token
    try:
        return MultiFernet([Fernet(key) for key in keys]).rotate(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def add_key() -> None:
    """Put a new key before those of the key file. From now on it encrypts, in every process that uses the file.

    Raises KeyNotInFile when the key is given elsewhere.
    """
    _write_key_file([Fernet.generate_key(), *_keys_of_file()])


def drop_old_keys() -> None:
    """Leave the first key in the key file alone: what others have encrypted cannot be read any more.

    Raises KeyNotInFile when the key is given elsewhere.
    """
    _write_key_file(_keys_of_file()[:1])


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[bytes]:
    given = _given()
    return _split(given.encode()) if given else _read_key_file()


def _given() -> str:
    return config.get(CONFIGURATION_OPTION) or os.environ.get(ENVIRONMENT_VARIABLE) or ""


def _keys_of_file() -> list[bytes]:
    if _given():
        raise KeyNotInFile
    return _read_key_file()


def _split(text: bytes) -> list[bytes]:
    return [key for key in re.split(rb"[\s,]+", text) if key]


def _path() -> Path:
    return Path(config["data_dir"]) / "escala" / "secret.key"


def _read_key_file() -> list[bytes]:
    """Read the key file, or make it; of two processes that make it at once, both use the first one's."""
    path = _path()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = _write_aside([Fernet.generate_key()])
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        os.unlink(own)
    return _split(path.read_bytes())


def _write_key_file(keys: list[bytes]) -> None:
    """Replace the file as a whole: nobody reads half of it, and a crash leaves the one before.

    It stays Odoo's, also when root runs the command.
    """
    own, before = _write_aside(keys), _path().stat()
    os.chown(own, before.st_uid, before.st_gid)
    os.replace(own, _path())


def _write_aside(keys: list[bytes]) -> str:
    """Write a file beside the key file, readable by its owner only, and return its name."""
    descriptor, name = tempfile.mkstemp(dir=_path().parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"\n".join(keys))
        file.flush()
        os.fsync(descriptor)
    return name
