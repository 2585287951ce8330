"""Databases of this project, in which scheduled actions run, ask nobody on the internet."""

import socket

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def test_no_scheduled_action_asks_the_internet(env, monkeypatch):
    asked = set()
    resolve = socket.getaddrinfo

    def note(host, *arguments, **options):
        asked.add(host)
        if host not in LOOPBACK:
            raise socket.gaierror(f"{host} is not asked in a test")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    for job in env["ir.cron"].search([]):
        job.method_direct_trigger()
    assert asked <= LOOPBACK


def test_services_that_somebody_asks_for_are_sought_on_this_machine(env):
    from odoo.tools import config

    from odoo.addons.iap.tools.iap_tools import iap_get_endpoint

    assert iap_get_endpoint(env).startswith("http://127.0.0.1")
    assert config["publisher_warranty_url"].startswith("http://127.0.0.1")
