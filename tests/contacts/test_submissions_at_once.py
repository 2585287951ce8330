"""What comes in at the same moment, by two workers of a real web server: no submission twice, no contact twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from psycopg2.errors import LockNotAvailable

from setup import odoo, odoo_env, paths, web_server
from tests.waiting import wait_until

ROUNDS = 10
DEADLINE = 60  # seconds


@pytest.fixture
def source(env):
    source = env["contact.source"].create({"name": "Spring fair", "rate_limit": 0})
    env.cr.commit()
    return source


@pytest.fixture
def send_twice(postgres_server, odoo_database, source):
    """Send two requests at the same moment, `send_twice(first, second)`: fields and key; return both answers.

    What they bring is registered by a scheduled action of the same server.
    """
    config = odoo.configure(postgres_server, odoo_database)
    path = f"/escala/register/{source.token}"
    log = paths.LOGS / f"{odoo_database}.log"
    try:
        with (
            web_server.with_workers(config, odoo_database, log) as server,
            ThreadPoolExecutor(2) as pool,
        ):

            def send_twice(*contents):
                together = threading.Barrier(2)

                def send(content):
                    fields, key = content
                    together.wait()
                    return requests.post(
                        f"{server.url}{path}",
                        json=fields,
                        headers={"Idempotency-Key": key},
                        timeout=DEADLINE,
                    )

                return list(pool.map(send, contents))

            yield send_twice
    finally:
        config.unlink()


def test_two_at_once_are_one_submission_for_a_key_and_one_contact_for_an_address(env, source, send_twice):
    for number in range(ROUNDS):
        ana = ({"name": "Ana", "email": f"ana{number}@once.example"}, f"key {number}")
        answers = send_twice(ana, ana)
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].json() == answers[1].json()
        zoe = {"name": "Zoë", "phone": f"+34 610 00 00 {number}0"}
        answers = send_twice((zoe, f"first {number}"), (zoe, f"second {number}"))
        assert len({answer.json()["id"] for answer in answers}) == 2
    wait_until_registered(env, source)
    assert len(source.submission_ids) == 3 * ROUNDS
    assert set(source.submission_ids.mapped("state")) == {"done"}
    assert len(source.submission_ids.partner_id) == 2 * ROUNDS
    emails = [f"ana{number}@once.example" for number in range(ROUNDS)]
    assert env["res.partner"].search_count([("email_normalized", "in", emails)]) == ROUNDS


@pytest.fixture
def cron(odoo_database):
    """A transaction such as a run of a scheduled action begins with."""
    with odoo_env.environment(odoo_database) as env:
        yield env
        env.cr.rollback()


def take_in(env, source, email):
    env[source._name].browse(source.id)._take_in({"email": [email]}, "192.0.2.1")
    env.flush_all()


def begin_run(cron, job):
    cron["ir.cron"]._clear_schedule({"id": job.id})


def test_what_comes_in_after_a_run_has_begun_asks_for_another(env, source, cron):
    job = env.ref("escala_contact_sources.ir_cron_register")
    take_in(env, source, "first@run.example")
    env.cr.commit()
    begin_run(cron, job)
    take_in(env, source, "second@run.example")
    env.cr.commit()
    cron.cr.commit()
    env.cr.rollback()
    assert env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]) == 1


def test_a_run_that_is_relied_on_begins_after_the_submission_is_stored(env, source, cron):
    job = env.ref("escala_contact_sources.ir_cron_register")
    take_in(env, source, "first@run.example")
    env.cr.commit()
    take_in(env, source, "second@run.example")
    cron.cr.execute("SET lock_timeout = '200ms'")
    with pytest.raises(LockNotAvailable):
        begin_run(cron, job)


def test_a_run_that_has_begun_meanwhile_and_ended_is_not_relied_on(env, source, cron):
    job = env.ref("escala_contact_sources.ir_cron_register")
    take_in(env, source, "first@run.example")
    env.cr.commit()
    assert env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]) == 1  # seen from here on
    begin_run(cron, job)
    cron.cr.commit()
    take_in(env, source, "second@run.example")
    env.cr.commit()
    assert env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]) == 1


@pytest.fixture
def pauses(env, source, cron, monkeypatch):
    """What waited when a run made a pause; two more come in during the first one."""
    waiting = []

    def pause(_seconds):
        cron.cr.rollback()
        waiting.append(cron["contact.source.submission"].search_count([("state", "=", "queued")]))
        if len(waiting) == 1:
            for name in ("second", "third"):
                take_in(cron, source, f"{name}@run.example")
            cron.cr.commit()

    monkeypatch.setattr(
        "odoo.addons.escala_contact_sources.models.contact_source_registering.time.sleep", pause
    )
    return waiting


def test_what_comes_in_during_the_pause_is_registered_by_the_same_run(env, source, pauses, monkeypatch):
    submissions = env["contact.source.submission"]
    batches, register = [], type(submissions)._register_submissions
    monkeypatch.setattr(
        type(submissions),
        "_register_submissions",
        lambda batch: batches.append(len(batch)) or register(batch),
    )
    take_in(env, source, "first@run.example")
    env.cr.commit()
    submissions._cron_register()
    assert batches == [1, 2]
    assert pauses == [0, 0]  # nobody waits for a pause to end
    assert source.submission_ids.mapped("state") == ["done"] * 3


def test_a_run_whose_time_is_up_makes_no_pause(env, source, pauses):
    take_in(env, source, "first@run.example")
    env.cr.commit()
    job, _progress = env.ref("escala_contact_sources.ir_cron_register")._add_progress()
    context = {**job.env.context, "cron_id": job.id, "cron_end_time": time.monotonic()}
    env["contact.source.submission"].with_context(context)._cron_register()
    assert source.submission_ids.state == "done"
    assert not pauses


def wait_until_registered(env, source):
    def nothing_is_queued():
        env.cr.rollback()
        env.invalidate_all()
        return "queued" not in source.submission_ids.mapped("state")

    wait_until(nothing_is_queued, DEADLINE)
