"""Databases made by copying: stock Odoo once, the suite on top when its files change, a copy per use.

    escala_stock_<hash>  Odoo with the core add-ons, demo data and Spanish; a minute to make, rarely made
    escala_suite_<hash>  a copy of it with the suite installed; made anew when a file of an add-on changes
    others with a hash   copies of these that were filled with data, for benchmarks and browser tests
    anything else        a copy of that, in a second or two

A database's files (the filestore) are copied as hard links: Odoo never rewrites one.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

import psycopg2
from psycopg2 import sql

from setup import odoo, paths
from setup.postgres import Server
from setup.progress import step

CORE = ["contacts", "crm", "portal", "base_import", "phone_validation"]
STOCK, SUITE = "escala_stock", "escala_suite"
DEMO = "escala_demo"
# These never change what is installed.
IGNORED_PARTS = {"tests", "readme", "build", "__pycache__"}
# Where Odoo looks for services of the internet; without these parameters, at its publisher's.
ENDPOINTS = (
    "iap.endpoint",
    "enrich.endpoint",
    "reveal.endpoint",
    "sms.endpoint",
    "snailmail.endpoint",
    "iap.partner_autocomplete.endpoint",
    "html_editor.media_library_endpoint",
    "html_editor.olg_api_endpoint",
    "website.website_api_endpoint",
    "website.olg_api_endpoint",
)
# Scheduled actions that ask these services, or other addresses of the internet.
ASKING_CRONS = (
    "account_peppol.ir_cron_peppol_get_message_status",
    "account_peppol.ir_cron_peppol_get_new_documents",
    "account_peppol.ir_cron_peppol_get_participant_status",
    "account_peppol.ir_cron_peppol_webhook_keepalive",
    "crm_iap_enrich.ir_cron_lead_enrichment",
    "mail.ir_cron_module_update_notification",
    "sms.ir_cron_sms_scheduler_action",
    "snailmail.snailmail_print",
)
# Locks of the templates this process works with, kept until it ends.
_in_use: list[TextIO] = []


def stock_template(server: Server) -> str:
    """Return the name of the template with Odoo alone, making it if needed."""
    from odoo import release  # noqa: PLC0415  only the project's environment has it

    # The filestore is this checkout's, the server may be shared with others.
    parts = [release.version, str(paths.DATA), *CORE, odoo.NOWHERE, *ENDPOINTS, *ASKING_CRONS]
    fingerprint = _digest(part.encode() for part in parts)

    def make(config: Path, name: str) -> None:
        with step("installing Odoo's own add-ons (about a minute, once)"):
            _install(server, config, name, CORE)

    return _template(server, STOCK, fingerprint, make)


def suite_template(server: Server) -> str:
    """Return the name of the template with the suite installed, making it if needed."""
    stock = stock_template(server)
    content = (part for file in _addon_files(_addons()) for part in (str(file).encode(), file.read_bytes()))
    fingerprint = _digest([stock.encode(), *content])

    def make(config: Path, name: str) -> None:
        with step("installing the suite"):
            copy(server, stock, name)
            _install(server, config, name, _addons())
            _allow_loopback(server, name)

    return _template(server, SUITE, fingerprint, make)


def beside_template(server: Server, suite: str, *addons: str) -> str:
    """Return the name of a template with optional add-ons too, making it if needed.

    :param suite: the template with the suite
    :param addons: of paths.OPTIONAL_ADDONS; Odoo's own that they install themselves beside come with them
    """
    content = b"".join(file.read_bytes() for file in _addon_files(addons))
    kind = addons[0] if len(addons) == 1 else f"several_{addons[0]}"

    def fill(name: str) -> None:
        with step(f"installing {', '.join(addons)}"):
            beside = [paths.OPTIONAL_ADDONS[addon] for addon in addons]
            _install(server, odoo.configure(server, f"make-{kind}"), name, beside)

    return filled_template(server, kind, suite, content, fill)


def filled_template(
    server: Server, kind: str, source: str, content: bytes, fill: Callable[[str], None]
) -> str:
    """Return the name of a copy of a template that has been filled with data, making it if needed.

    :param kind: what its name begins with; one of another content or source is dropped
    :param content: what the data depends on
    :param fill: called with the name of the copy
    """

    def make(_config: Path, name: str) -> None:
        copy(server, source, name)
        fill(name)

    return _template(server, kind, _digest([source.encode(), content]), make)


def drop_templates(server: Server, kind: str) -> None:
    """Drop the templates of a kind that no process works with."""
    for name in _names(server, f"{kind}_%"):
        _drop_unused(server, name)


@contextlib.contextmanager
def temporary_copy(server: Server, template: str, name: str) -> Iterator[str]:
    """Give a copy of a database for the length of the block."""
    drop(server, name)
    copy(server, template, name)
    try:
        yield name
    finally:
        drop(server, name)


def copy(server: Server, template: str, name: str) -> None:
    """Copy a database with its filestore."""
    _execute(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
    source = _filestore(template)
    if source.exists():
        shutil.copytree(source, _filestore(name), copy_function=os.link, dirs_exist_ok=True)


def drop(server: Server, name: str) -> None:
    """Drop a database with its filestore, if it is there, ending the sessions that are left in it."""
    _execute(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(_filestore(name), ignore_errors=True)


def exists(server: Server, name: str) -> bool:
    """Tell whether the database is there."""
    return name in _names(server, name)


def size(server: Server, name: str) -> int:
    """Return how many bytes of disk a database takes."""
    return _execute(server, "SELECT pg_database_size(%s)", name)[0][0]


def vacuum(server: Server, name: str) -> None:
    """Do in a database what autovacuum would do sooner or later."""
    _execute(server, "VACUUM ANALYZE", database=name)


def _template(server: Server, kind: str, fingerprint: str, make) -> str:
    """Return the name of a template, made if needed; it is not dropped while this process lives."""
    name = f"{kind}_{fingerprint}"
    with _lock_file(kind).open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        _in_use.append(_lock_file(name).open("w"))
        fcntl.flock(_in_use[-1], fcntl.LOCK_SH)
        if not exists(server, name):
            drop_templates(server, kind)
            unfinished = f"{name}_unfinished"
            drop(server, unfinished)
            make(odoo.configure(server, f"make-{kind}"), unfinished)
            _rename(server, unfinished, name)
    return name


def _lock_file(name: str) -> Path:
    return paths.local(paths.LOCAL / "locks") / name


def _drop_unused(server: Server, name: str) -> None:
    with _lock_file(name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        drop(server, name)


def _rename(server: Server, old: str, new: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _execute(server, statement.format(*map(sql.Identifier, (old, new))))
    if _filestore(old).exists():
        _filestore(old).rename(_filestore(new))


def _install(server: Server, config: Path, name: str, addons: Iterable[str]) -> None:
    odoo.install(config, name, addons, "--with-demo", "--load-language=es_ES")
    _keep_off_the_internet(server, name)


def _keep_off_the_internet(server: Server, name: str) -> None:
    """Have nothing in a database ask a service of the internet by itself."""
    _execute(
        server,
        "INSERT INTO ir_config_parameter (key, value) SELECT unnest(%s), %s"
        " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        list(ENDPOINTS),
        odoo.NOWHERE,
        database=name,
    )
    _execute(
        server,
        "UPDATE ir_cron SET active = FALSE FROM ir_model_data"
        " WHERE ir_cron.id = res_id AND model = 'ir.cron' AND module || '.' || ir_model_data.name = ANY(%s)",
        list(ASKING_CRONS),
        database=name,
    )


def _allow_loopback(server: Server, name: str) -> None:
    """Let mailboxes be on this machine, where the mail servers of the demo and of the tests are."""
    _execute(
        server,
        "INSERT INTO ir_config_parameter (key, value) VALUES (%s, 'True')",
        "escala_mail_sync.allow_private_hosts",
        database=name,
    )


def _addons() -> list[str]:
    return [name for name in paths.ADDONS if (paths.PROJECT / name / "__manifest__.py").exists()]


def _addon_files(addons: Iterable[str]) -> list[Path]:
    return sorted(
        path
        for addon in addons
        for path in (paths.PROJECT / addon).rglob("*")
        if path.is_file() and not IGNORED_PARTS.intersection(path.relative_to(paths.PROJECT).parts)
    )


def _filestore(name: str) -> Path:
    return paths.DATA / "filestore" / name


def _names(server: Server, pattern: str) -> list[str]:
    return [
        row[0] for row in _execute(server, "SELECT datname FROM pg_database WHERE datname LIKE %s", pattern)
    ]


def _execute(server: Server, statement, *values, database: str = "postgres") -> list[tuple]:
    connection = psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname=database
    )
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:12]
