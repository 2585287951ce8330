"""Many messages in a mailbox at once: files in the maildir of Dovecot, as its own delivery leaves them.

APPEND would take ten times as long.
"""

import itertools
import os
import pwd
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from setup import unprivileged
from setup.dovecot import Dovecot

_starts = itertools.count()


@dataclass(frozen=True)
class Delivery:
    """A message with CRLF line ends; `date` becomes its INTERNALDATE, `flags` are letters of the maildir format."""

    raw: bytes = field(repr=False)
    date: datetime
    flags: str = "S"


def deliver(
    server: Dovecot, logins: Sequence[str], deliveries: Iterable[Delivery], folder: str = "INBOX"
) -> None:
    """Put the same messages into a folder of each of them, and have Dovecot number them: nobody waits for that later."""
    for login in logins:
        _look(server, login, folder)
    subfolder = "" if folder == "INBOX" else f".{folder}"
    first, *others = (server.folder / "mail" / login / subfolder / "cur" for login in logins)
    owner = pwd.getpwnam(unprivileged.user_name())
    start = next(_starts)
    for number, delivery in enumerate(deliveries):
        unique = f"{delivery.date.timestamp():.0f}.M{start}N{number:06d}P{os.getpid()}.bench"
        path = _write(first, unique, delivery, owner)
        for other in others:
            (other / path.name).hardlink_to(path)
    for login in logins:
        _look(server, login, folder)


def _look(server: Dovecot, login: str, folder: str) -> None:
    """Have Dovecot make the folder, or take notice of what lies in it."""
    with server.connect(login) as client:
        client.select_folder(folder, readonly=True)


def _write(folder: Path, unique: str, delivery: Delivery, owner: pwd.struct_passwd) -> Path:
    """Write one message; its name tells both of its sizes, so that Dovecot need not count."""
    content = delivery.raw.replace(b"\r\n", b"\n")
    path = folder / f"{unique},S={len(content)},W={len(delivery.raw)}:2,{delivery.flags}"
    path.write_bytes(content)
    if os.geteuid() == 0:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    os.utime(path, (delivery.date.timestamp(),) * 2)
    return path
