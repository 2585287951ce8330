"""Postgres and Dovecot refuse to run as root; as root, they run as Debian's own service user."""

import grp
import os
import pwd
import shutil
from pathlib import Path

SERVICE_USER = "postgres"  # comes with the postgresql package


def command(*words: str) -> list[str]:
    """Return a command line that runs `words` without root's rights.

    The project may lie in a folder that only root can enter (such as root's home), so the one right
    that remains is to pass through folders: capabilities(7), CAP_DAC_READ_SEARCH. access(2) would ignore
    it, and Dovecot take every mailbox for read-only, without SECBIT_NO_SETUID_FIXUP.
    """
    if os.geteuid() != 0:
        return list(words)
    setpriv = ["setpriv", f"--reuid={SERVICE_USER}", f"--regid={SERVICE_USER}", "--init-groups"]
    search = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return [*setpriv, *search, "--securebits=+no_setuid_fixup", *words]


def user_name() -> str:
    """Return the name of the user that `command` runs as."""
    return SERVICE_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def own(folder: Path) -> Path:
    """Make `folder` for that user, readable by no other, and return it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, SERVICE_USER, SERVICE_USER)
    return folder


def group_name() -> str:
    """Return that user's main group."""
    return grp.getgrgid(pwd.getpwnam(user_name()).pw_gid).gr_name
