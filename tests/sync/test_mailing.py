"""One text to several contacts or leads: each gets an e-mail of their own."""

from email import message_from_bytes
from email.policy import default

import pytest

from odoo.exceptions import AccessError, UserError, ValidationError

from tests.sync.sending import deliver_now, draft


@pytest.fixture
def people(env, login):
    """Three contacts with addresses."""
    names = ("Ana", "Luis", "Eva")
    return env["res.partner"].create([{"name": name, "email": f"{name.lower()}.{login}"} for name in names])


def mailing(mailbox, records, **values):
    """Return a draft to each of these records, as the mailbox's owner."""
    mailings = mailbox.env["escala.email.mailing"].with_user(mailbox.user_id)
    action = mailings._open_for(records.with_user(mailbox.user_id))
    found = mailings.browse(action["res_id"])
    found.write({"mailbox_id": mailbox.id, "subject": "Oferta", "body": "<p>Buenos días</p>", **values})
    return found


def send(written) -> None:
    written.action_send()
    deliver_now(*written.email_ids, send=False, file_copies=False)


def test_each_gets_their_own_and_sees_no_other(env, sender, office, people):
    text = '<p>Estimada <t t-out="object.name"/></p>'
    send(mailing(sender, people, subject="Hola {{ object.name }}", body=text))
    assert sorted(envelope.rcpt_tos for envelope in office.got) == sorted(
        [email] for email in people.mapped("email")
    )
    for envelope in office.got:
        [recipient] = people.filtered(lambda person, to=envelope.rcpt_tos[0]: person.email == to)
        message = message_from_bytes(envelope.content, policy=default)
        assert message["Subject"] == f"Hola {recipient.name}"
        assert f"Estimada {recipient.name}" in message.get_body(("html",)).get_content()
        for other in people - recipient:
            assert other.email.encode() not in envelope.content


def test_what_was_sent_is_on_each_contact(env, sender, office, people):
    written = mailing(sender, people)
    send(written)
    assert written.email_ids.email_id.partner_ids == people
    assert (written.sent_count, written.waiting_count, written.failed_count) == (3, 0, 0)


def test_leads_get_it_at_their_own_address(env, sender, office, login):
    leads = env["crm.lead"].create(
        [{"name": f"Placas {number}", "email_from": f"lead{number}.{login}"} for number in range(2)]
    )
    written = mailing(sender, leads)
    send(written)
    assert sorted(envelope.rcpt_tos[0] for envelope in office.got) == sorted(leads.mapped("email_normalized"))
    assert written.email_ids.email_id.lead_ids >= leads


def test_whom_it_is_not_for_is_left_out_and_said(env, sender, office, people, login):
    env["mail.blacklist"].create({"email": people[1].email})
    without, same = env["res.partner"].create(
        [{"name": "Sin dirección"}, {"name": "Otra Eva", "email": f"Otra <{people[2].email}>"}]
    )
    written = mailing(sender, people + without + same)
    assert written.recipient_count == 2
    lines = written.skipped.splitlines()
    assert sorted(line.partition(":")[2].strip() for line in lines) == sorted(
        [people[1].name, without.name, written._find_recipients()[1]["With the address of another one"][0]]
    )
    send(written)
    assert len(office.got) == 2
    assert people[1].email not in [envelope.rcpt_tos[0] for envelope in office.got]


def test_one_record_gets_a_usual_draft(env, sender, people):
    action = (
        env["escala.email.mailing"].with_user(sender.user_id)._open_for(people[0].with_user(sender.user_id))
    )
    assert action["res_model"] == "escala.email.outgoing"


def test_too_many_are_refused_with_a_way_out(env, sender, monkeypatch, people):
    from odoo.addons.escala_mail_sync.models import escala_email_mailing

    monkeypatch.setattr(escala_email_mailing, "MOST_RECIPIENTS", 2)
    with pytest.raises(ValidationError, match="Email Marketing"):
        mailing(sender, people)


def test_contacts_that_the_user_may_not_read_get_nothing(env, sender, office, people):
    company = env["res.company"].create({"name": "Otra empresa"})
    people[0].company_id = company
    written = mailing(sender, people)
    assert people[0] not in written._find_recipients()[0]


class TestPlaceholders:
    def test_preview_shows_one_recipient_after_the_other(self, env, sender, people):
        written = mailing(sender, people, subject="Hola {{ object.name }}")
        shown = []
        for _recipient in people:
            shown.append(written.preview_subject)
            written.action_next_preview()
        assert sorted(shown) == sorted(f"Hola {person.name}" for person in people)
        assert written.preview_subject == shown[0]

    def test_who_may_not_edit_templates_uses_no_expressions_and_is_told(self, env, sender, office, people):
        """As in Odoo's own composer (mail.render.mixin)."""
        assert not sender.user_id.has_group("mail.group_mail_template_editor")
        for values in ({"subject": "{{ object.sudo().name }}"}, {"body": '<t t-out="object.sudo().name"/>'}):
            written = mailing(sender, people, **values)
            assert written.preview_error
            with pytest.raises((AccessError, PermissionError)), env.cr.savepoint():
                written.action_send()

    def test_signature_is_there_once(self, env, sender, office, people):
        template = env["mail.template"].create(
            {
                "name": "Con firma",
                "model_id": env["ir.model"]._get_id("res.partner"),
                "body_html": '<p>Hola</p><t t-out="user.signature"/>',
            }
        )
        written = mailing(sender, people)
        written.template_id = template
        send(written)
        for envelope in office.got:
            html = message_from_bytes(envelope.content, policy=default).get_body(("html",)).get_content()
            assert html.count("Nórdica Solar") == 1


class TestPace:
    @pytest.fixture(autouse=True)
    def slow(self, env):
        """Four in a minute, of which one is kept for what is written to somebody."""
        env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "4")
        yield
        env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "30")

    def test_what_is_written_to_somebody_goes_first(self, env, sender, office, people, login):
        more = env["res.partner"].create([{"name": f"Más {n}", "email": f"mas{n}.{login}"} for n in range(3)])
        written = mailing(sender, people + more)
        written.action_send()
        single = draft(sender, to="urgente@x.example")
        single.action_send()
        deliver_now(*written.email_ids, single, send=False, file_copies=False)
        assert office.got[0].rcpt_tos == ["urgente@x.example"]
        assert (written.sent_count, written.waiting_count) == (2, 4)
        other = draft(sender, to="otro@x.example")
        deliver_now(other, file_copies=False)
        assert other.state == "sent"

    def test_what_has_not_left_can_be_stopped(self, env, sender, office, people, login):
        more = env["res.partner"].create([{"name": f"Más {n}", "email": f"mas{n}.{login}"} for n in range(3)])
        written = mailing(sender, people + more)
        send(written)
        written.action_undo()
        assert (written.state, written.sent_count, written.waiting_count) == ("stopped", 3, 0)
        deliver_now(*written.email_ids, send=False, file_copies=False)
        assert len(office.got) == 3


def test_undone_it_is_a_draft_again(env, sender, office, people):
    written = mailing(sender, people)
    written.action_send()
    written.action_undo()
    assert (written.state, len(written.email_ids)) == ("draft", 0)
    send(written)
    assert len(office.got) == 3


def test_it_is_not_sent_twice(env, sender, people):
    written = mailing(sender, people)
    written.action_send()
    with pytest.raises(UserError):
        written.action_send()


def test_nobody_reads_those_of_others(env, sender, people):
    written = mailing(sender, people)
    for login in ("marcos", "admin"):
        other = written.with_user(env["res.users"].search([("login", "=", login)]))
        assert not other.search([("id", "=", written.id)])
        with pytest.raises(AccessError):
            other.browse(written.id).read(["subject"])


def test_nobody_slips_one_to_another(env, sender, people):
    """What is in it is rendered as whoever opens it, who may be allowed more."""
    written = mailing(sender, people)
    admin = env.ref("base.user_admin")
    with pytest.raises(AccessError), env.cr.savepoint():
        written.write({"user_id": admin.id, "body": '<t t-out="object.env.user.login"/>'})
    assert written.sudo().user_id == sender.user_id
    with pytest.raises(AccessError), env.cr.savepoint():
        written.create({"user_id": admin.id, "model": "res.partner", "res_ids": people.ids})


def test_an_untouched_one_is_deleted_and_a_written_one_stays(env, sender, people):
    mailings = env["escala.email.mailing"].with_user(sender.user_id)
    untouched = mailings.browse(mailings._open_for(people.with_user(sender.user_id))["res_id"])
    env.cr.commit()
    written = mailing(sender, people)
    env.flush_all()
    env.cr.execute(
        "UPDATE escala_email_mailing SET write_date = write_date + '1s' WHERE id = %s", [written.id]
    )
    env.invalidate_all()
    (untouched + written).discard_untouched()
    assert not untouched.exists()
    assert written.exists()
