"""`make demo`: two mailboxes full of sample mail, connected and synchronised, in a web client to look at."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from setup import database, demo_mail, dovecot, odoo, odoo_env, paths, postgres, smtp_server
from setup.postgres import free_port
from setup.progress import SetupError, fail, step, tail
from setup.sample_mail import load_samples

WEB_PORT = 8069
START_TIMEOUT = 90  # seconds
LOGINS = (("admin", "admin", "administrator"), ("laura", "laura", "salesperson"), ("marcos", "marcos", "salesperson"))


def main(arguments: list[str]) -> int:
    """Make the demo; serve it until Ctrl-C, or with --check compare the table and end."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--check", action="store_true", help="compare the table with the expected one and end")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_pid_file())
        server = stack.enter_context(postgres.running())
        template = database.suite_template(server)
        with step("copying the database"):
            database.drop(server, database.DEMO)
            database.copy(server, template, database.DEMO)
        with step("starting the mail servers"):
            imap = stack.enter_context(dovecot.running(paths.DOVECOT / "demo"))
            smtp = stack.enter_context(smtp_server.running(imap, ("nordica.example",)))
        config = odoo.configure(server, "demo", smtp_server=smtp.host, smtp_port=str(smtp.port))
        matches = _synchronise(config, imap)
        if options.check:
            return 0 if matches else 1
        with contextlib.suppress(KeyboardInterrupt):
            _serve(config, imap, smtp)
    print("Stopped.")
    return 0


def _synchronise(config: Path, imap: dovecot.Dovecot) -> bool:
    """Fill and connect the mailboxes, run the method of the cron, print its table; tell if it is as expected."""
    samples = list(load_samples())
    with step(f"delivering {len(samples)} sample messages"):
        demo_mail.fill(imap, samples)
    odoo_env.load(config)
    with odoo_env.environment(database.DEMO) as env:
        with step("connecting the mailboxes"):
            env.ref("escala_mail_sync.user_laura").lang = "es_ES"
            demo_mail.connect(env, imap)
        with step("synchronising"):
            reports = env["escala.mailbox"]._cron_sync()
    seconds = {(report.mailbox, report.folder): report.seconds for report in reports}
    table, wanted = demo_mail.found(reports), demo_mail.expected(samples)
    print(f"\n{demo_mail.render(table, seconds)}\n")
    if table == wanted:
        print("This is the expected table.")
        return True
    print(f"Expected was:\n\n{demo_mail.render(wanted, {})}\n", file=sys.stderr)
    return False


def _serve(config: Path, imap: dovecot.Dovecot, smtp: smtp_server.SmtpServer) -> None:
    """Serve the web client until the process is asked to stop."""
    port = WEB_PORT if _is_free(WEB_PORT) else free_port()
    log = paths.local(paths.LOGS) / "demo.log"
    words = [
        f"--database={database.DEMO}",
        f"--db-filter=^{database.DEMO}$",
        f"--http-port={port}",
        "--max-cron-threads=1",
        f"--logfile={log}",
    ]
    log.unlink(missing_ok=True)
    web = subprocess.Popen(odoo.command(config, *words), start_new_session=True)
    try:
        with step("starting the web client"):
            _wait_for(port, web, log)
        print(f"\nOdoo:  http://127.0.0.1:{port}/odoo\n")
        for login, password, role in LOGINS:
            print(f"  login {login:<8} password {password:<8} {role}")
        print(f"\nIMAP 127.0.0.1:{imap.port}, SMTP 127.0.0.1:{smtp.port}, password {imap.password}")
        print("Ctrl-C stops everything.", flush=True)
        web.wait()
        raise SetupError(f"Odoo has ended:\n{tail(log)}")
    finally:
        if web.poll() is None:
            web.terminate()
            web.wait()


def _wait_for(port: int, web: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and web.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=30):
            return
        time.sleep(0.2)
    raise SetupError(f"the web client does not answer:\n{tail(log)}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextlib.contextmanager
def _pid_file():
    """Leave word for `make stop` of which process this is; one demo at a time.

    Raises SetupError when another one runs.
    """
    path = paths.local(paths.RUN) / "demo.pid"
    if path.exists() and Path(f"/proc/{path.read_text()}").exists():
        raise SetupError("a demo is running already; `make stop` ends it")
    path.write_text(str(os.getpid()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        fail(str(error))
    except KeyboardInterrupt:
        print("Stopped.")
        sys.exit(130)
