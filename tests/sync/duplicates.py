"""Copies of a database, as Odoo's own database manager makes them."""

import contextlib
import itertools
import os

from setup import database, odoo_env, postgres
from tests.conftest import load_registry

_numbers = itertools.count(1)


@contextlib.contextmanager
def duplicated(source, neutralize=False):
    """Give an environment in what Odoo's own database manager makes of a database."""
    from odoo.modules.registry import Registry
    from odoo.service import db
    from odoo.sql_db import close_db
    from odoo.tools import config

    name = f"escala_copied_{os.getpid()}_{next(_numbers)}"
    allowed, config["list_db"] = config["list_db"], True
    testing, config["test_enable"] = config["test_enable"], False
    try:
        db.exp_duplicate_database(source, name, neutralize)
        load_registry(name)
        with odoo_env.environment(name) as env:
            yield env
    finally:
        config["list_db"], config["test_enable"] = allowed, testing
        Registry.registries.pop(name, None)
        close_db(name)
        database.drop(postgres.given(), name)
