"""Odoo as this project runs it: its configuration file and its command line."""

import configparser
import os
import sys
from pathlib import Path

from setup import paths
from setup.postgres import Server
from setup.progress import run

# An address at which nobody listens, for services of the internet.
NOWHERE = "http://127.0.0.1:9"
WORKERS_PROGRAM = paths.PROJECT / "setup" / "odoo_program.py"


def configure(server: Server, name: str = "odoo", **options: str) -> Path:
    """Write `.local/<name>.conf` for the given Postgres server and return its path."""
    import odoo.addons.base  # noqa: PLC0415  only the project's environment has it

    config = configparser.ConfigParser(interpolation=None)
    core_addons = Path(odoo.addons.base.__file__).parent.parent
    config["options"] = {
        "db_host": server.host,
        "db_port": str(server.port),
        "db_user": server.user,
        "db_password": server.password or "False",
        "addons_path": f"{core_addons},{paths.PROJECT}",
        "data_dir": str(paths.local(paths.DATA)),
        "http_interface": "127.0.0.1",
        "list_db": "False",
        "max_cron_threads": "0",
        "publisher_warranty_url": NOWHERE,
        **options,
    }
    path = paths.LOCAL / f"{name}.conf"
    path.touch(mode=0o600)
    with path.open("w") as file:
        config.write(file)
    return path


def command(config: Path, *words: str) -> list[str]:
    """Return the command line of Odoo's own program with that configuration."""
    return [sys.executable, *_program(words), *_server(words), "--config", str(config), *_options(words)]


def _program(words: tuple[str, ...]) -> tuple[str, ...]:
    has_workers = any(word.startswith("--workers") for word in words)
    return (str(WORKERS_PROGRAM),) if has_workers else ("-m", "odoo")


def _server(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:1] if words and not words[0].startswith("-") else ("server",)


def _options(words: tuple[str, ...]) -> tuple[str, ...]:
    return words if words and words[0].startswith("-") else words[1:]


def install(config: Path, database: str, addons: list[str], *options: str) -> None:
    """Install add-ons into a database, which is created if it is not there.

    Raises SetupError with the end of Odoo's log when a module does not install.
    """
    words = ["--database", database, "--init", ",".join(addons), "--stop-after-init", "--no-http", *options]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    run(command(config, *words), f"install-{database}", env=environment)
