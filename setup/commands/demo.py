"""`make demo`: two mailboxes full of sample mail, connected and synchronised, in a web client to look at."""

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path

from setup import (
    customer_mail,
    database,
    demo_mail,
    dovecot,
    many_emails,
    oauth_server,
    odoo,
    odoo_env,
    paths,
    postgres,
    smtp_server,
    unprivileged,
    web_server,
)
from setup.commands import stop
from setup.progress import SetupError, run_main, step, tail
from setup.sample_mail import load_samples

ACCOUNTS = (*demo_mail.MAILBOXES, "marcos@nordica.example")  # of the provider that stands in for Google
MANY = 50_000
LOGINS = (
    ("admin", "admin", "administrator"),
    ("laura", "laura", "salesperson"),
    ("marcos", "marcos", "salesperson"),
    ("nadia", "nadia", "employee without CRM"),
    ("ana@llamazares.example", "ana", "client, on one account, in the portal"),
    ("jose.perez@perezmuller.example", "jose", "client, on three accounts, in the portal"),
)


def main(arguments: list[str]) -> int:
    """Make the demo; serve it until Ctrl-C, or with --check compare the table and end."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument(
        "--check", action="store_true", help="compare the table with the expected one and end"
    )
    parser.add_argument(
        "--size", choices=("usual", "large"), default="usual", help="large: 50,000 e-mails more"
    )
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
            provider = stack.enter_context(oauth_server.running(*ACCOUNTS))
            settings = provider.dovecot_settings(unprivileged.own(paths.DOVECOT / "demo-keys"))
            imap = stack.enter_context(dovecot.running(paths.DOVECOT / "demo", settings))
            smtp = stack.enter_context(smtp_server.running(imap, demo_mail.DOMAINS, provider.address_of))
        config = odoo.configure(server, "demo", smtp_server=smtp.host, smtp_port=str(smtp.port))
        matches = _synchronise(config, imap, smtp)
        if options.check:
            return 0 if matches else 1
        if options.size == "large":
            _fill(server)
        with contextlib.suppress(KeyboardInterrupt):
            _serve(config, imap, smtp, provider)
    print("Stopped.")
    return 0


def _synchronise(config: Path, imap: dovecot.Dovecot, smtp: smtp_server.SmtpServer) -> bool:
    """Fill and connect the mailboxes, run the method of the cron, print its table; tell if it is as expected."""
    samples = list(load_samples())
    with step(f"delivering {len(samples)} sample messages"):
        demo_mail.fill(imap, samples)
    odoo_env.load(config)
    with odoo_env.environment(database.DEMO) as env:
        with step("connecting the mailboxes"):
            env.ref("escala_mail_sync.user_laura").lang = "es_ES"
            env.company.country_id = env.ref("base.es")  # phone numbers without a prefix are Spanish ones
            demo_mail.connect(env, imap, smtp)
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


def _fill(server: postgres.Server) -> None:
    """Write years of e-mails into the two mailboxes."""
    with step(f"writing {MANY:,} e-mails"):
        with odoo_env.environment(database.DEMO) as env:
            mailboxes = env["escala.mailbox"].search([("email", "in", list(demo_mail.MAILBOXES))])
            many_emails.fill(env, mailboxes, MANY)
            env.cr.commit()
        database.vacuum(server, database.DEMO)


def _serve(
    config: Path, imap: dovecot.Dovecot, smtp: smtp_server.SmtpServer, provider: oauth_server.OAuthServer
) -> None:
    """Serve the web client until the process is asked to stop."""
    port = web_server.USUAL_PORT if web_server.is_free(web_server.USUAL_PORT) else 0
    log = paths.LOGS / "demo.log"
    with contextlib.ExitStack() as stack:
        with step("starting the web client"):
            web = stack.enter_context(
                web_server.running(config, database.DEMO, log, "--max-cron-threads=1", port=port)
            )
        customer = stack.enter_context(customer_mail.running(imap, smtp, demo_mail.CUSTOMER))
        _register(provider, imap, smtp, web)
        print(f"\nOdoo:  {web.url}/odoo\n")
        width = max(len(login) for login, _password, _role in LOGINS)
        for login, password, role in LOGINS:
            print(f"  login {login:<{width}} password {password:<8} {role}")
        print(f"\nIMAP 127.0.0.1:{imap.port}, SMTP 127.0.0.1:{smtp.port}, password {imap.password}")
        print(f"Mailbox of {demo_mail.CUSTOMER}, a customer to write to: {customer}")
        print(f"Google and Microsoft: a stand-in on {provider.url}, without passwords")
        print("Ctrl-C stops everything.", flush=True)
        web.process.wait()
        raise SetupError(f"Odoo has ended:\n{tail(log)}")


def _register(
    provider: oauth_server.OAuthServer,
    imap: dovecot.Dovecot,
    smtp: smtp_server.SmtpServer,
    web: web_server.WebServer,
) -> None:
    """Have the web client and the provider know each other."""
    with odoo_env.environment(database.DEMO) as env:
        env["ir.config_parameter"].set_param("web.base.url", web.url)
        provider.configure(env, imap.host, imap.port, smtp.port)
        env.cr.commit()
        env.registry.signal_changes()


@contextlib.contextmanager
def _pid_file():
    """Leave word for `make stop` of which process this is; one demo at a time.

    Raises SetupError when another one runs.
    """
    path = paths.local(paths.RUN) / "demo.pid"
    if path.exists() and stop.is_ours(int(path.read_text() or 0)):
        raise SetupError("a demo is running already; `make stop` ends it")
    path.write_text(str(os.getpid()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    run_main(main)
