"""Many messages in a mailbox at once: files in the maildir of Dovecot, as its own delivery leaves them.

APPEND would take ten times as long. A message that lies in several places is one file with several names: for a
hundred thousand small files, file systems take half a minute to make them, and as long to remove them.
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

CRLF, LF = b"\r\n", b"\n"
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
    """Put the same messages into a folder of each of them, and have Dovecot number them, which takes time once."""
    for login in logins:
        _look(server, login, folder)
    subfolder = "" if folder == "INBOX" else f".{folder}"
    places = [server.folder / "mail" / login / subfolder / "cur" for login in logins]
    owner = pwd.getpwnam(unprivileged.user_name())
    start = next(_starts)
    written: dict[Delivery, Path] = {}
    for number, delivery in enumerate(deliveries):
        # Both sizes in the name, so that Dovecot need not count.
        sizes = f"S={len(delivery.raw.replace(CRLF, LF))},W={len(delivery.raw)}"
        name = f"{delivery.date.timestamp():.0f}.M{start}N{number:06d}P{os.getpid()}.bench,{sizes}:2,{delivery.flags}"
        for place in places:
            if delivery in written:
                (place / name).hardlink_to(written[delivery])
            else:
                written[delivery] = _write(place / name, delivery, owner)
    for login in logins:
        _look(server, login, folder)


def _look(server: Dovecot, login: str, folder: str) -> None:
    """Have Dovecot make the folder, or take notice of what lies in it."""
    with server.connect(login) as client:
        client.select_folder(folder, readonly=True)


def _write(path: Path, delivery: Delivery, owner: pwd.struct_passwd) -> Path:
    path.write_bytes(delivery.raw.replace(CRLF, LF))
    if os.geteuid() == 0:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    os.utime(path, (delivery.date.timestamp(),) * 2)
    return path
