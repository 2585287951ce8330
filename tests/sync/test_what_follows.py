"""What follows from mail on a real server: leads, activities, replies on documents; and from what never follows."""

import itertools
import threading

import pytest
from psycopg2.errors import SerializationFailure

from setup import odoo_env
from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, sync
from tests.waiting import wait_until

ANA = "ana@llamazares.example"
CALENDAR_REPLY = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
numbers = itertools.count(1)


@pytest.fixture
def laura(env):
    return env.ref("escala_mail_sync.user_laura")


@pytest.fixture
def personal(env, dovecot, login, laura):
    """A connected personal mailbox of the user Laura, empty yet; the one of the test before is hers no more."""
    env["escala.mailbox"].search([("user_id", "=", laura.id)]).active = False
    env.flush_all()
    mailbox = make_mailbox(env, dovecot, login)
    mailbox.connected_on = "2026-01-01"  # what is delivered here is new mail
    env.cr.commit()
    return mailbox


def stranger() -> str:
    return f"stranger{next(numbers)}@unknown.example"


def from_ana(**headers) -> bytes:
    return compose(ANA, **{"Message_ID": f"<{next(numbers)}@llamazares.example>", **headers})


def send(login: str, to: str, **headers) -> bytes:
    return compose(login, "Propuesta", To=to, **headers)


def leads_of(env, *addresses):
    env.cr.rollback()
    return env["crm.lead"].search([("email_normalized", "in", addresses)])


def activities(mailbox):
    emails = ledger(mailbox).email_id
    return mailbox.env["mail.activity"].search([("escala_email_id", "in", emails.ids)])


class TestRecipientsOfSentMail:
    def test_each_whom_nobody_knows_becomes_a_lead(self, env, mailbox, dovecot, login):
        to, cc, bcc = stranger(), stranger(), stranger()
        deliver(
            dovecot,
            login,
            [send(login, f"Bruno <{to}>", Cc=cc, Bcc=f"{bcc}, marcos@nordica.example")],
            "Sent",
        )
        assert sum(report.leads for report in sync(mailbox)) == 3
        leads = leads_of(env, to, cc, bcc)
        assert sorted(leads.mapped("email_normalized")) == sorted([to, cc, bcc])
        assert set(leads.mapped("name")) == {"Propuesta"}
        assert leads.filtered(lambda lead: lead.email_normalized == to).contact_name == "Bruno"
        assert ledger(mailbox).email_id.lead_ids == leads
        assert not activities(mailbox)

    def test_written_to_twice_they_have_one_lead(self, env, mailbox, dovecot, login):
        to = stranger()
        deliver(
            dovecot, login, [send(login, to), send(login, to, Message_ID="<again@nordica.example>")], "Sent"
        )
        sync(mailbox)
        (lead,) = leads_of(env, to)
        assert [row.email_id.lead_ids for row in ledger(mailbox)] == [lead] * 2

    def test_where_somebody_is_known_the_message_is_theirs(self, env, mailbox, dovecot, login):
        """As with received mail: people in copy of mail with a customer do not become leads."""
        to = stranger()
        deliver(dovecot, login, [send(login, to, Cc=ANA)], "Sent")
        sync(mailbox)
        assert not leads_of(env, to)
        assert ledger(mailbox).email_id.partner_ids

    @pytest.mark.parametrize(
        "to",
        [
            "no-reply@unknown.example",
            "unsubscribe+42@unknown.example",
            "solar-request@unknown.example",
            "mailer-daemon@unknown.example",
            ", ".join(f"mass{number}@unknown.example" for number in range(11)),
        ],
    )
    def test_programs_and_mailings_do_not(self, env, mailbox, dovecot, login, to):
        deliver(dovecot, login, [send(login, to)], "Sent")
        (_inbox, report) = sync(mailbox)
        assert (report.linked, report.leads) == (1, 0)
        assert not leads_of(env, *to.split(", "))

    @pytest.mark.parametrize("field", ["Auto_Submitted", "X_Autoreply"])
    def test_automatic_mail_of_ones_own_makes_none(self, env, mailbox, dovecot, login, field):
        to = stranger()
        deliver(dovecot, login, [send(login, to, **{field: "auto-replied"})], "Sent")
        (_inbox, report) = sync(mailbox)
        assert +report.ignored == {"automatic": 1}
        assert not leads_of(env, to)

    def test_calendar_reply_of_ones_own_makes_none(self, env, mailbox, dovecot, login):
        to = stranger()
        raw = compose(login, "Aceptado", To=to, attachments=[("r.ics", "text/calendar", CALENDAR_REPLY)])
        deliver(dovecot, login, [raw], "Sent")
        sync(mailbox)
        assert not leads_of(env, to)

    def test_forged_sender_in_the_inbox_makes_none(self, env, mailbox, dovecot, login):
        to = stranger()
        deliver(dovecot, login, [send(login, f"{login}, {to}")])
        sync(mailbox)
        assert not leads_of(env, to)

    def test_none_when_the_mailbox_makes_none(self, env, mailbox, dovecot, login):
        mailbox.create_leads = False
        to = stranger()
        deliver(dovecot, login, [send(login, to)], "Sent")
        (_inbox, report) = sync(mailbox)
        assert (report.linked, report.leads) == (1, 0)
        assert not leads_of(env, to)


class TestAutomaticMail:
    def test_of_a_newcomer_it_makes_no_lead_should_the_first_message_be_unreadable(self, env, mailbox):
        from odoo.addons.escala_mail_sync.mime import parse_headers

        address = stranger()
        batch = [parse_headers(compose(address, **kind)) for kind in ({}, {"Precedence": "bulk"}, {})]
        decisions = env["escala.email.classifier"]._classify(mailbox, batch)
        assert [bool(decision.lead_for) for decision in decisions] == [True, False, True]
        assert not any(decision.ignored for decision in decisions)

    def test_a_thousand_make_no_lead_and_no_activity(self, env, personal, dovecot, login):
        kinds = (
            {"List_Unsubscribe": "<https://news.example/u>"},
            {"List_Id": "<news.example>"},
            {"Precedence": "bulk"},
            {"Auto_Submitted": "auto-replied"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"sender": "no-reply{}@unknown.example"},
            {"sender": "noreply@news{}.example"},
            {"sender": "MAILER-DAEMON@mx{}.example"},
            {"attachments": [("reply.ics", "text/calendar; method=REPLY", CALENDAR_REPLY)]},
        )
        raws = []
        for number, kind in zip(range(1000), itertools.cycle(kinds)):
            values = {"sender": "Boletín <news{}@unknown.example>", **kind}
            values["sender"] = values["sender"].format(number)
            raws.append(compose(**values, Message_ID=f"<{number}@unknown.example>"))
        # and the same kinds from somebody who is known: brought in, nothing to answer
        raws += [
            compose(ANA, **kind, Message_ID=f"<{number}.ana@x.example>")
            for number, kind in enumerate(kinds)
            if "sender" not in kind
        ]
        deliver(dovecot, login, raws)
        before = env["crm.lead"].search_count([])
        reports = sync(personal)
        assert sum(report.seen for report in reports) == 1007
        assert sum(report.leads for report in reports) == 0
        assert env["crm.lead"].search_count([]) == before
        assert len(ledger(personal)) == 7
        assert not activities(personal)


class TestAnswers:
    def test_unread_mail_of_a_customer_asks_for_an_answer(self, personal, dovecot, login, laura):
        deliver(dovecot, login, [from_ana(), compose(stranger())])
        sync(personal)
        asked = activities(personal)
        assert asked.user_id == laura
        assert asked.mapped("res_model") == [False, False]  # her mailbox is private
        personal.visibility = "shared"
        assert sorted(asked.mapped("res_model")) == ["crm.lead", "res.partner"]

    @pytest.mark.parametrize("flag", [b"\\Seen", b"\\Answered"])
    def test_read_elsewhere_before_it_is_looked_at_asks_nothing(self, personal, dovecot, login, flag):
        deliver(dovecot, login, [from_ana()], flags=[flag])
        sync(personal)
        assert ledger(personal).email_id
        assert not activities(personal)

    def test_history_asks_nothing(self, personal, dovecot, login):
        personal.connected_on = "2026-12-01"
        deliver(dovecot, login, [from_ana()])
        sync(personal)
        assert ledger(personal).email_id.is_history
        assert not activities(personal)

    def test_copy_in_another_mailbox_asks_no_more(self, env, personal, dovecot, login, laura):
        env.ref("escala_contact_rules.partner_ana").user_id = laura
        other = f"other.{login}"
        second = make_mailbox(env, dovecot, other, kind="shared", user_id=False)
        raw = from_ana()
        deliver(dovecot, login, [raw])
        deliver(dovecot, other, [raw])
        sync(personal | second)
        assert len(activities(personal)) == 1

    def test_reply_in_sent_mail_completes_it(self, personal, dovecot, login):
        deliver(dovecot, login, [from_ana(Message_ID=f"<q.{login}>")])
        sync(personal)
        assert activities(personal)
        deliver(dovecot, login, [send(login, ANA, In_Reply_To=f"<q.{login}>")], "Sent")
        sync(personal)
        assert not activities(personal)

    def test_reply_that_comes_in_together_with_its_question(self, personal, dovecot, login):
        deliver(dovecot, login, [from_ana(Message_ID=f"<q.{login}>")])
        deliver(dovecot, login, [send(login, ANA, References=f"<0.{login}> <q.{login}>")], "Sent")
        sync(personal)
        assert not activities(personal)


class TestDeletions:
    def test_lead_that_the_synchronisation_made_counts_as_untouched(self, env, personal, dovecot, login):
        """Also once it was committed and Odoo's scheduled actions have passed over it."""
        address = stranger()
        deliver(dovecot, login, [compose(f"Vera <{address}>")])
        sync(personal)
        env["crm.lead"]._cron_update_automated_probabilities()
        env.cr.commit()
        lead, row = leads_of(env, address), ledger(personal)
        assert lead
        assert activities(personal)
        row.gone = True
        row.email_id._handle_deleted()
        env.cr.commit()
        assert not lead.exists()
        assert not ledger(personal).email_id

    def test_lead_of_one_of_several_recipients_is_noted_with_its_email(self, env, personal, dovecot, login):
        to, cc = stranger(), stranger()
        deliver(dovecot, login, [send(login, to, Cc=cc)], "Sent")
        sync(personal)
        leads = leads_of(env, to, cc)
        origins = env["escala.lead.origin"].search([("lead_id", "in", leads.ids)])
        assert origins.lead_id == leads
        assert origins.email_id == ledger(personal).email_id


class TestReplies:
    @pytest.fixture
    def lead(self, env):
        contact = env.ref("escala_contact_rules.partner_ana")
        lead = env["crm.lead"].create({"name": "Obra", "partner_id": contact.id})
        lead.message_post(body="Hola", subtype_xmlid="mail.mt_comment", message_type="comment")
        env.cr.commit()
        return lead

    def reply(self, lead, login) -> bytes:
        return compose(ANA, "Re: Obra", In_Reply_To=lead.message_ids[0].message_id, Message_ID=f"<r.{login}>")

    def posted(self, lead):
        lead.env.cr.rollback()
        return lead.message_ids.filtered(lambda message: message.message_type == "email")

    def test_on_the_document_once_though_two_mailboxes_get_it(self, env, lead, personal, dovecot, login):
        other = f"other.{login}"
        shared = make_mailbox(env, dovecot, other, kind="shared", user_id=False)
        shared.connected_on = "2026-01-01"
        for address in (login, other):
            deliver(dovecot, address, [self.reply(lead, login)])
        sync(personal | shared)
        message = self.posted(lead)
        assert message.message_id == f"<r.{login}>"
        assert "instalación" in message.body
        assert len(ledger(personal | shared).email_id) == 1

    def test_a_strangers_forgery_is_only_an_email(self, env, lead, personal, dovecot, login):
        named = lead.message_ids[0].message_id
        deliver(dovecot, login, [compose(stranger(), In_Reply_To=named, References=named)])
        sync(personal)
        assert not self.posted(lead)
        assert ledger(personal).email_id.lead_ids != lead

    def test_gateway_and_mailbox_at_the_same_moment_post_it_once(
        self, env, odoo_database, lead, personal, dovecot, login
    ):
        raw = self.reply(lead, login)
        deliver(dovecot, login, [raw])
        held, failures = threading.Event(), []

        def gateway():
            with odoo_env.environment(odoo_database) as other:
                other["mail.message"].search_count([])  # from here on it sees the database as it was
                held.set()
                try:
                    other["mail.thread"].message_process("crm.lead", raw)
                    other.cr.commit()
                except SerializationFailure as error:
                    failures.append(error)

        original = type(env["escala.email"])._post_replies

        def post_while_the_gateway_waits(emails, mailbox):
            original(emails, mailbox)
            thread.start()
            assert held.wait(10)
            wait_until_blocked(env)

        thread = threading.Thread(target=gateway)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(env["escala.email"]), "_post_replies", post_while_the_gateway_waits)
            sync(personal)
        thread.join(30)
        assert len(failures) == 1  # the gateway tries again then, and finds the message
        assert len(self.posted(lead)) == 1
        assert not env["mail.thread"].message_process("crm.lead", raw)
        assert len(self.posted(lead)) == 1


def wait_until_blocked(env) -> None:
    """Wait until another connection with this database waits for a lock of this one."""

    def somebody_waits():
        env.cr.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return env.cr.fetchone()

    wait_until(somebody_waits)
