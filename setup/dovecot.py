"""A real IMAP server, Debian's Dovecot, on loopback ports, with any number of mailboxes."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import imapclient

from setup import tls, unprivileged
from setup.postgres import free_port
from setup.progress import SetupError, tail

PASSWORD = "let-me-in"  # noqa: S105  of every mailbox on the loopback server
START_TIMEOUT = 60  # seconds
THROTTLED = 180  # seconds
# What Dovecot 2.3 offers after the login.
EXTENSIONS = (
    *("SASL-IR", "LOGIN-REFERRALS", "ID", "ENABLE", "IDLE", "SORT", "SORT=DISPLAY", "THREAD=REFERENCES"),
    *(
        "THREAD=REFS",
        "THREAD=ORDEREDSUBJECT",
        "MULTIAPPEND",
        "URL-PARTIAL",
        "CATENATE",
        "UNSELECT",
        "CHILDREN",
    ),
    *("NAMESPACE", "UIDPLUS", "LIST-EXTENDED", "I18NLEVEL=1", "CONDSTORE", "QRESYNC", "ESEARCH", "ESORT"),
    *("SEARCHRES", "WITHIN", "CONTEXT=SEARCH", "LIST-STATUS", "BINARY", "MOVE", "SNIPPET=FUZZY"),
    *("PREVIEW=FUZZY", "PREVIEW", "STATUS=SIZE", "SAVEDATE", "LITERAL+", "NOTIFY", "SPECIAL-USE"),
)

CONFIG = """
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 200
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login
auth_failure_delay = 0
{extra}
service imap-login {{
  chroot =
  # one process for all connections: one for each is slow to start on a busy machine
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # no pause after a wrong password
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
}}
"""


@dataclass
class Dovecot:
    """A running server; every mailbox opens with the same password and is made at first use."""

    folder: Path
    port: int
    tls_port: int
    certificate: Path
    process: subprocess.Popen | None = None
    host: str = "127.0.0.1"
    password: str = PASSWORD

    def create_user(self, login: str) -> str:
        """Make sure that a mailbox is there and empty of nothing; return its password."""
        with self.connect(login):
            return self.password

    def connect(self, login: str) -> imapclient.IMAPClient:
        """Return a logged-in client, to be used in a `with` block.

        Dovecot closes its port for some seconds when a process of its own could not start in time, as on a busy
        machine ("command startup failed, throttling"): that is waited for.
        """
        deadline = time.monotonic() + THROTTLED
        while True:
            try:
                client = imapclient.IMAPClient(self.host, self.port, ssl=False, timeout=60)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.5)
        client.login(login, self.password)
        return client

    def append(
        self,
        login: str,
        folder: str,
        raw: bytes,
        flags: Sequence[str] = (),
        date: datetime | None = None,
    ) -> None:
        """Put one message into a folder, which is made if it is not there."""
        self.append_all(login, folder, [(raw, flags, date)])

    def append_all(
        self, login: str, folder: str, messages: Sequence[tuple[bytes, Sequence[str], datetime | None]]
    ) -> None:
        """Put messages (raw, flags, internal date) into a folder over one connection."""
        with self.connect(login) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for raw, flags, date in messages:
                client.append(folder, raw, flags, date)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises SetupError with the end of its log when it does not.
        """
        # Debian keeps it where only root's PATH leads.
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
        words = unprivileged.command(program or "dovecot", "-F", "-c", str(self.folder / "dovecot.conf"))
        self.process = subprocess.Popen(
            words, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                imapclient.IMAPClient(self.host, self.port, ssl=False, timeout=5).logout()
                return
            time.sleep(0.05)
        log = self.folder / "dovecot.log"
        raise SetupError(f"Dovecot does not start:\n{tail(log) if log.exists() else words}")

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=START_TIMEOUT)


@contextlib.contextmanager
def running(folder: Path, extra: str = "", hidden: Collection[str] = ()) -> Iterator[Dovecot]:
    """Give a server with empty mailboxes for the length of the block.

    :param extra: is added to its configuration
    :param hidden: extensions that the server does not offer, of EXTENSIONS; their commands work all the same, so that
        only what a client asks for shows whether it is content without them
    """
    shutil.rmtree(folder, ignore_errors=True)
    unprivileged.own(folder)
    certificate, key = tls.self_signed(unprivileged.own(folder / "tls"))
    for path in (certificate, key):
        if os.geteuid() == 0:
            shutil.chown(path, unprivileged.user_name())
    server = Dovecot(folder, free_port(), free_port(), certificate)
    user = unprivileged.user_name()
    config = CONFIG.format(
        folder=folder,
        user=user,
        group=unprivileged.group_name(),
        certificate=certificate,
        key=key,
        port=server.port,
        tls_port=server.tls_port,
        password=server.password,
        extra=f"{extra}\n{_offer(hidden)}",
    )
    if "SPECIAL-USE" in hidden:
        # LIST would tell what folders are for without being asked (RFC 6154, section 2)
        config = re.sub(r"^ *special_use = .*\n", "", config, flags=re.MULTILINE)
    (folder / "dovecot.conf").write_text(config)
    os.chmod(folder / "dovecot.conf", 0o644)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _offer(hidden: Collection[str]) -> str:
    """Return the setting that leaves these extensions out; nothing when there are none to leave out."""
    unknown = set(hidden).difference(EXTENSIONS)
    if unknown:
        raise SetupError(f"Dovecot does not offer {', '.join(sorted(unknown))} in the first place")
    offered = (name for name in EXTENSIONS if name not in hidden)
    return f"imap_capability = IMAP4rev1 {' '.join(offered)}" if hidden else ""
