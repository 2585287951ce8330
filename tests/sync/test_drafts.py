"""Drafts: what is in them when they are opened, and what becomes of those that nobody writes."""

import pytest

from odoo.exceptions import UserError
from odoo.tests import Form

from tests.conftest import make_mailbox
from tests.sync.sending import deliver_now, draft
from tests.sync.support import compose, deliver, ledger, sync


@pytest.fixture
def template(env):
    """A template for contacts, with a file."""
    return env["mail.template"].create(
        {
            "name": "Bienvenida",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "Bienvenida, {{ object.name }}",
            "body_html": '<p>Hola, <t t-out="object.name"/></p>',
            "attachment_ids": [(0, 0, {"name": "tarifas.pdf", "raw": b"%PDF tarifas"})],
        }
    )


def reopened(email):
    """Return the draft as it is on a later request, in which times are later, too."""
    email.env.cr.commit()
    email.env.invalidate_all()
    return email


def answer(env, sender, dovecot, ana, **values):
    deliver(dovecot, sender.email, [compose(ana.email, To=sender.email, **values)])
    sync(sender)
    action = ledger(sender).email_id.with_user(sender.user_id).action_reply()
    return env["escala.email.outgoing"].with_user(sender.user_id).browse(action["res_id"])


def open_draft(sender, contact):
    """Return the draft that the button of a contact opens."""
    action = contact.with_user(sender.user_id).action_compose_email()
    return sender.env["escala.email.outgoing"].with_user(sender.user_id).browse(action["res_id"])


def make_older(email) -> None:
    """Have a draft be a day old, and nothing in it have been changed since."""
    email.env.flush_all()
    email.env.cr.execute(
        "UPDATE escala_email_outgoing SET create_date = create_date - '25h'::interval, "
        "write_date = create_date - '25h'::interval WHERE id = %s",
        [email.id],
    )
    email.env.invalidate_all()


def test_an_untouched_draft_is_deleted_when_it_is_left(env, sender, ana):
    opened = reopened(open_draft(sender, ana))
    opened.discard_untouched()
    assert not opened.exists()


def test_what_was_written_before_it_was_first_saved_is_kept(env, sender, ana):
    """As by New, which opens a page and makes no draft: it has been saved once only, too."""
    written = reopened(draft(sender, to=ana.email))
    written.discard_untouched()
    assert written.exists()
    make_older(written)
    env["escala.email.outgoing"]._gc_untouched()
    assert written.exists()


def test_a_draft_in_which_something_was_written_is_kept(env, sender, ana):
    opened = reopened(open_draft(sender, ana))
    opened.subject = "Algo"
    reopened(opened).discard_untouched()
    assert opened.exists()


def test_what_is_sent_is_not_discarded(env, sender, office, ana):
    email = draft(sender, to=ana.email)
    email.action_send()
    email.discard_untouched()
    deliver_now(email, send=False)
    assert email.state == "sent"


def test_untouched_drafts_of_a_closed_browser_are_deleted_a_day_later(env, sender, ana):
    old, new = open_draft(sender, ana), open_draft(sender, ana)
    make_older(old)
    env["escala.email.outgoing"]._gc_untouched()
    assert not old.exists()
    assert new.exists()


def test_the_mailbox_of_the_last_email_is_proposed_for_the_next(env, sender, dovecot, ana):
    team = make_mailbox(
        env,
        dovecot,
        f"equipo.{sender.email}",
        kind="shared",
        user_id=False,
        smtp_host=sender.smtp_host,
        smtp_port=sender.smtp_port,
        smtp_security="none",
    )
    drafts = env["escala.email.outgoing"].with_user(sender.user_id)
    assert drafts.create({}).mailbox_id == sender
    draft(team, author=sender.user_id, to=ana.email).action_send()
    assert drafts.create({}).mailbox_id == team
    draft(sender, to=ana.email).action_send()
    assert drafts.create({}).mailbox_id == sender
    draft(team, author=sender.user_id, to=ana.email)  # not sent
    assert drafts.create({}).mailbox_id == sender
    team.active = False


def test_copies_are_shown_once_they_are_in_use(env, sender, ana):
    email = draft(sender, to=ana.email, bcc="x@y.example")
    assert (email.show_cc, email.show_bcc) == (False, True)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Precio", "Re: Precio"),
        ("RE: Precio", "RE: Precio"),
        ("AW: Preis", "AW: Preis"),
        ("Fwd: Plano", "Re: Fwd: Plano"),
    ],
)
def test_the_subject_of_an_answer(env, sender, dovecot, ana, subject, expected):
    assert answer(env, sender, dovecot, ana, subject=subject).subject == expected


class TestTemplates:
    def test_it_fills_the_draft_in_with_the_signature_once(self, env, sender, ana, template):
        email = draft(sender, to=ana.email, model="res.partner", res_id=ana.id)
        with Form(email) as form:
            form.template_id = template
        assert email.subject == "Bienvenida, Ana Llamazares"
        assert "Hola, Ana Llamazares" in email.body
        assert email.body.count("Nórdica Solar") == 1
        assert email.attachment_ids.mapped("name") == ["tarifas.pdf"]

    def test_what_is_answered_stays_below_and_is_not_rendered(self, env, sender, dovecot, ana, template):
        email = answer(
            env, sender, dovecot, ana, subject="Precio", text="Cuesta {{ 6 * 7 }} euros", html=None
        )
        with Form(email) as form:
            form.template_id = template
        assert email.subject == "Re: Precio"
        assert email.body.index("Hola, Ana") < email.body.index("Cuesta {{ 6 * 7 }} euros")

    def test_one_for_something_else_is_not_used(self, env, sender, ana, template):
        email = draft(sender, to=ana.email, model="res.partner", res_id=ana.id)
        template.model_id = env["ir.model"]._get_id("crm.lead")
        with Form(email) as form:
            form.template_id = template
        assert email.subject == "Asunto"


def test_files_that_no_server_takes_are_refused_before_sending(env, sender, ana, monkeypatch):
    from odoo.addons.escala_mail_sync.models import escala_email_outgoing_actions

    monkeypatch.setattr(escala_email_outgoing_actions, "LARGEST_FILES", 1000)
    email = draft(sender, to=ana.email, attachment_ids=[(0, 0, {"name": "foto.jpg", "raw": b"x" * 1001})])
    with pytest.raises(UserError, match=r"1001\.00 bytes"):
        email.action_send()


def test_every_address_of_a_contact_is_offered(env, sender, ana, login):
    ana.alternative_email_ids = [(0, 0, {"email": f"casa.{login}"})]
    found = env["escala.email.outgoing"].with_user(sender.user_id).find_addresses("casa.test")
    assert found[0] == {"name": "Ana Llamazares", "email": f"casa.{login}"}


class TestTheBrowserIsTold:
    def told(self, env, email):
        """Return what was put on the bus about it, in order, and commit as the delivery does."""
        env.cr.commit()
        rows = env["bus.bus"].sudo().search([("message", "ilike", "escala.email.outgoing")], order="id")
        return [row.message for row in rows if f'"id":{email.id},' in row.message.replace(" ", "")]

    def test_when_it_was_sent(self, env, sender, office, ana):
        email = draft(sender, to=ana.email, subject="Secreto")
        deliver_now(email)
        [message] = self.told(env, email)
        assert "Secreto" not in message

    def test_when_it_failed(self, env, sender, office, ana):
        office.refused = {ana.email: "550 5.1.1 No such user here"}
        email = draft(sender, to=ana.email)
        deliver_now(email)
        [message] = self.told(env, email)
        assert '"tell": true' in message or '"tell":true' in message
