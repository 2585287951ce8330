"""Before an e-mail leaves: what can be undone, what waits, and for what."""

from datetime import timedelta

import pytest

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.escala_mail_sync.models import escala_email_outgoing_delivery

from tests.sync.sending import deliver_now, draft


def test_it_can_be_undone(env, sender, office, ana):
    email = draft(sender, to=ana.email)
    email.action_send()
    assert email.action_undo()["res_id"] == email.id
    deliver_now(email, send=False)
    assert (email.state, office.got) == ("draft", [])


def test_it_waits_some_seconds(env, sender, office, ana):
    email = draft(sender, to=ana.email)
    email.action_send()
    env.cr.commit()
    email.env["escala.email.outgoing"].sudo()._cron_send()
    assert (email.state, office.got) == ("outgoing", [])


def test_it_waits_for_its_time(env, sender, office, ana):
    tomorrow = fields.Datetime.now() + timedelta(days=1)
    email = draft(sender, to=ana.email, send_at=tomorrow)
    email.action_send()
    assert email.send_at == tomorrow
    deliver_now(email, send=False)
    assert office.got == []


def test_it_is_put_off_while_others_are_sent(env, sender, office, ana):
    """Found due, and put off before its turn."""
    email = draft(sender, to=ana.email)
    email.action_send()
    env.cr.commit()
    email.action_undo()
    email.send_at = fields.Datetime.now() + timedelta(days=1)
    email.action_send()
    env.cr.commit()
    assert not email.sudo()._begin()
    email.end_undo_time()
    assert email.send_at > fields.Datetime.now() + timedelta(hours=23)


def test_it_cannot_be_deleted_while_it_is_sent(env, sender, ana):
    email = draft(sender, to=ana.email)
    email.sudo().state = "sending"
    with pytest.raises(UserError):
        email.unlink()
    with pytest.raises(UserError):
        email.action_undo()


def test_it_cannot_be_changed_any_more(env, sender, ana):
    email = draft(sender, to=ana.email)
    email.action_send()
    with pytest.raises(UserError):
        email.to = "otro@x.example"


def test_no_more_in_a_minute_than_odoo_allows(env, sender, office, ana):
    env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "2")
    emails = [draft(sender, to=ana.email, subject=str(number)) for number in range(3)]
    for email in emails:
        email.action_send()
    deliver_now(*emails, send=False)
    assert [email.state for email in emails] == ["sent", "sent", "outgoing"]
    assert emails[2].send_at > fields.Datetime.now() + timedelta(seconds=30)
    env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "30")
    env.cr.commit()


def test_what_one_run_leaves_is_sent_by_the_next(env, sender, office, ana, monkeypatch):
    monkeypatch.setattr(escala_email_outgoing_delivery, "AT_ONCE", 2)
    emails = [draft(sender, to=ana.email, subject=str(number)) for number in range(3)]
    env["ir.cron.trigger"].search([]).unlink()
    deliver_now(*emails, file_copies=False)
    assert [email.state for email in emails] == ["sent", "sent", "outgoing"]
    cron = env.ref("escala_mail_sync.ir_cron_send")
    soon = fields.Datetime.now() + timedelta(seconds=5)
    assert env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id), ("call_at", "<=", soon)])
