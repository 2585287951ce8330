"""Odoo's website with the rules of contacts beside it, over HTTP."""

import os

import pytest
import requests

from setup import database, odoo, odoo_env, paths, web_server
from tests.conftest import loaded_copy

ADDON = "escala_contact_rules_website"


@pytest.fixture(scope="module")
def site_database():
    return f"escala_website_{os.getpid()}"


@pytest.fixture(scope="module")
def site(postgres_server, site_database):
    """The address of a website."""
    template = database.beside_template(postgres_server, os.environ["ESCALA_TEMPLATE"], ADDON)
    config = odoo.configure(postgres_server, site_database)
    try:
        with loaded_copy(postgres_server, template, site_database):
            with odoo_env.environment(site_database) as env:
                # as Odoo's eCommerce does, with which the form for contacts comes (website_sale/data/data.xml)
                env.ref("base.model_res_partner").website_form_access = True
                env["ir.model.fields"].formbuilder_whitelist(
                    "res.partner", ["name", "email", "phone", "city"]
                )
                env["res.lang"]._activate_lang("en_US")
                env.cr.commit()
            log = paths.LOGS / f"{site_database}.log"
            with web_server.running(config, site_database, log, "--max-cron-threads=0") as server:
                yield server.url
    finally:
        config.unlink()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    """Do not wait for more submissions, as nobody else sends any."""
    monkeypatch.setattr("odoo.addons.escala_contact_sources.models.contact_source_registering.PAUSE", 0)


@pytest.fixture
def env(site_database, site):
    with odoo_env.environment(site_database) as environment:
        yield environment
        environment.cr.rollback()


@pytest.fixture
def send(site):
    """Send a form of the website as a visitor; return what it answers."""

    def send(model, **fields):
        response = requests.post(f"{site}/website/form/{model}", data=fields, timeout=60)
        response.raise_for_status()
        return response.json()

    return send
