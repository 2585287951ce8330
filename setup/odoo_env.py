"""Odoo inside this process: an environment on a database, for the demo and for the end-to-end tests."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


def load(config: Path, log_level: str = "warn") -> None:
    """Read Odoo's configuration into this process. Once is enough, and again does no harm."""
    from odoo.tools import config as odoo_config  # noqa: PLC0415  only after the environment is made

    odoo_config.parse_config(["--config", str(config), f"--log-level={log_level}"], setup_logging=True)


@contextlib.contextmanager
def environment(database: str, user_id: int = 1) -> Iterator:
    """Give an `odoo.api.Environment` with a real cursor; the block commits what it wants kept."""
    from odoo import api  # noqa: PLC0415
    from odoo.modules.registry import Registry  # noqa: PLC0415

    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, user_id, {})
