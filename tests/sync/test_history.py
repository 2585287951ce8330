"""How far back mail is brought in, in which order, and what comes in later of somebody who becomes known."""

from datetime import datetime, timedelta, timezone

import pytest

from odoo import fields

from tests.conftest import make_mailbox, total
from tests.sync.support import assert_sound, compose, deliver, emails_of, ledger, letters, subjects, sync

NOW = datetime.now(timezone.utc)
AGES = {"today": 0, "yesterday": 1, "last week": 6, "last month": 25, "last year": 300, "long ago": 3000}
ANA = "ana@llamazares.example"


@pytest.fixture
def small_batches(monkeypatch):
    from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

    monkeypatch.setattr(escala_mailbox_sync, "BATCH_SIZE", 10)


@pytest.fixture
def connect(env, dovecot, login):
    """Connect a shared mailbox that has mail already."""

    def connect(**values):
        return make_mailbox(env, dovecot, login, kind="shared", user_id=False, **values)

    return connect


def deliver_old(dovecot, login, ages=AGES, sender=ANA, folder="INBOX"):
    """Deliver a message for each age in days; the server got it then."""
    dovecot.append_all(
        login,
        folder,
        [(compose(sender, name), (), NOW - timedelta(days=days)) for name, days in ages.items()],
    )


class TestWindow:
    @pytest.mark.parametrize(
        ("history", "count"), [("now", 0), ("3d", 2), ("week", 3), ("month", 4), ("year", 5), ("all", 6)]
    )
    def test_as_far_as_chosen(self, dovecot, login, connect, history, count):
        dovecot.create_user(login)
        deliver_old(dovecot, login)
        mailbox = connect(history=history)
        sync(mailbox)
        assert sorted(subjects(mailbox)) == sorted(list(AGES)[:count])
        deliver(dovecot, login, letters(1, "new"))
        sync(mailbox)
        assert len(subjects(mailbox)) == count + 1

    def test_since_a_date(self, dovecot, login, connect):
        deliver_old(dovecot, login)
        since = (NOW - timedelta(days=26)).date()
        mailbox = connect(history="since", history_since=since)
        sync(mailbox)
        assert sorted(subjects(mailbox)) == sorted(list(AGES)[:4])

    def test_more_is_read_when_more_is_asked_for(self, env, dovecot, login, connect):
        deliver_old(dovecot, login)
        mailbox = connect(history="3d")
        sync(mailbox)
        for history, count in (("month", 4), ("week", 4), ("all", 6)):
            mailbox.history = history
            sync(mailbox)
            assert sorted(subjects(mailbox)) == sorted(list(AGES)[:count])
        assert_sound(mailbox)

    def test_message_that_comes_between_connecting_and_the_first_check(self, dovecot, login, connect):
        mailbox = connect(history="now")
        deliver(dovecot, login, letters(1, "at once"))
        sync(mailbox)
        assert subjects(mailbox) == ["at once 1"]

    def test_folder_ticked_later_has_the_same_window(self, env, dovecot, login, connect):
        deliver_old(dovecot, login, folder="Obras")
        mailbox = connect(history="week")
        mailbox.folder_ids.filtered(lambda folder: folder.path == "Obras").selected = True
        sync(mailbox)
        assert sorted(subjects(mailbox)) == sorted(list(AGES)[:3])


class TestMovedHere:
    """A message that somebody moves or copies into a folder has a new number, and is as old as it was."""

    @pytest.fixture
    def move_here(self, dovecot, login):
        """Return a function that copies messages of these ages in days from a folder that is not ticked."""

        def move_here(ages, sender=ANA):
            deliver_old(dovecot, login, ages, sender, folder="Archivo")
            with dovecot.connect(login) as client:
                client.select_folder("Archivo")
                client.copy(client.search(), "INBOX")

        return move_here

    def test_it_is_left_out_where_history_is(self, dovecot, login, connect, move_here):
        mailbox = connect(history="week")
        move_here(AGES)
        deliver(dovecot, login, letters(1, "new"))
        report = total(sync(mailbox))
        assert report.ignored["too_old"] == 3
        assert sorted(subjects(mailbox)) == sorted([*list(AGES)[:3], "new 1"])
        for _run in range(2):
            sync(mailbox)
        assert len(subjects(mailbox)) == 4
        assert_sound(mailbox)

    def test_nobody_is_asked_to_answer_it(self, env, dovecot, login, move_here):
        laura = env.ref("escala_mail_sync.user_laura")
        env["escala.mailbox"].search([("user_id", "=", laura.id)]).active = False
        mailbox = make_mailbox(env, dovecot, login, history="all")
        move_here({f"old {login}": 3000})
        deliver(dovecot, login, [compose(ANA, f"new {login}")])
        sync(mailbox)
        emails = ledger(mailbox).email_id
        assert len(emails) == 2
        activity = env["mail.activity"].search([("escala_email_id", "in", emails.ids)])
        assert activity.escala_email_id.subject == f"new {login}"

    @pytest.mark.parametrize("ahead", [timedelta(hours=-20), timedelta(days=400)])
    def test_clock_of_the_server_is_wrong(self, dovecot, login, connect, ahead):
        mailbox = connect(history="now")
        dovecot.append(login, "INBOX", compose(ANA, "new"), date=datetime.now(timezone.utc) + ahead)
        sync(mailbox)
        assert subjects(mailbox) == ["new"]

    def test_clock_of_odoo_was_wrong_when_the_mailbox_was_connected(self, env, dovecot, login, connect):
        mailbox = connect(history="now")
        mailbox.connected_on = fields.Datetime.now() + timedelta(days=60)
        env.cr.commit()
        deliver(dovecot, login, letters(1, "new"))
        sync(mailbox)
        assert subjects(mailbox) == ["new 1"]


class TestOrder:
    def test_new_mail_before_history_and_history_newest_first(
        self, env, dovecot, login, connect, small_batches, monkeypatch
    ):
        deliver(dovecot, login, letters(25, "old"))
        mailbox = connect(history="all")
        deliver(dovecot, login, letters(3, "new"))
        stored, importer = [], type(env["escala.email.importer"])
        store = importer._store

        def note(self, folder, uidvalidity, items):
            stored.append([item.fetched.uid for item in items])
            return store(self, folder, uidvalidity, items)

        monkeypatch.setattr(importer, "_store", note)
        sync(mailbox)
        assert [sorted(uids) for uids in stored] == [
            [26, 27, 28],
            list(range(16, 26)),
            list(range(6, 16)),
            list(range(1, 6)),
        ]

    def test_history_makes_room_and_goes_on(self, env, dovecot, login, connect, small_batches, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

        monkeypatch.setattr(escala_mailbox_sync, "HISTORY_SECONDS", -1)
        deliver(dovecot, login, letters(25, "slice"))
        mailbox = connect(history="all")
        mailbox._sync()
        assert mailbox.sync_requested
        assert mailbox.is_reading
        assert 0 < mailbox.progress < 100
        assert len(ledger(mailbox)) == 10
        deliver(dovecot, login, letters(1, "urgent"))
        mailbox._sync()
        assert "urgent 1" in subjects(mailbox)
        mailbox._sync()
        mailbox._sync()
        assert len(ledger(mailbox)) == 26
        sync(mailbox)
        assert not mailbox.is_reading
        assert_sound(mailbox)

    def test_colleagues_mail_on_top_does_not_hide_what_is_below(self, env, dovecot, login, connect):
        marcos = env.ref("escala_mail_sync.user_marcos").partner_id.email
        deliver(dovecot, login, letters(50, "customer"))
        deliver(dovecot, login, [compose(marcos, f"internal {number}") for number in range(300)])
        mailbox = connect(history="all")
        sync(mailbox)
        assert len(subjects(mailbox)) == 50
        assert not mailbox.is_reading

    def test_conversation_is_one_though_replies_come_before_what_they_answer(
        self, dovecot, login, connect, monkeypatch
    ):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

        monkeypatch.setattr(escala_mailbox_sync, "BATCH_SIZE", 1)
        ids = [f"<chain.{number}@llamazares.example>" for number in range(5)]
        raws = [compose(ANA, "cadena 0", Message_ID=ids[0])]
        raws += [compose(ANA, f"cadena {n}", Message_ID=ids[n], In_Reply_To=ids[n - 1]) for n in range(1, 5)]
        deliver(dovecot, login, raws)
        mailbox = connect(history="all")
        sync(mailbox)
        assert len(subjects(mailbox)) == 5
        assert len(ledger(mailbox).email_id.thread_id) == 1


class TestForgedReferences:
    def test_naming_two_conversations_ties_them_not_together(self, env, dovecot, login, mailbox):
        deliver(
            dovecot,
            login,
            [
                compose(ANA, "oferta", Message_ID="<offer@llamazares.example>"),
                compose("otto@llamazares.example", "factura", Message_ID="<invoice@llamazares.example>"),
            ],
        )
        sync(mailbox)
        threads = ledger(mailbox).email_id.thread_id
        forged = compose(
            "thief@stranger.example",
            "both",
            Message_ID="<forged@stranger.example>",
            References="<offer@llamazares.example> <invoice@llamazares.example>",
        )
        again = compose("thief@stranger.example", "again", Message_ID="<offer@llamazares.example>")
        deliver(dovecot, login, [forged, again])
        sync(mailbox)
        rows = ledger(mailbox)
        assert rows[:2].email_id.thread_id == threads
        assert len(threads) == 2
        assert not rows[2:].email_id.partner_ids


class TestScope:
    @pytest.fixture
    def contacts(self, env, login):
        """Two contacts of their own for the test: on no client account, and in no other test's mail."""
        name = login.partition("@")[0]
        return env["res.partner"].create(
            [{"name": each, "email": f"{each}.{name}@scope.example"} for each in ("Uno", "Dos")]
        )

    @pytest.mark.parametrize(
        ("scope", "expected"), [("everyone", ["known", "unknown"]), ("known", ["known"]), ("chosen", [])]
    )
    def test_total_and_partial(self, env, mailbox, dovecot, login, contacts, scope, expected):
        mailbox.write({"scope": scope, "create_leads": False})
        who = f"who-{login}"
        news = compose("news@shop.example", "newsletter", List_Id="<news.shop.example>")
        deliver(dovecot, login, [compose(contacts[0].email, "known"), compose(who, "unknown"), news])
        sync(mailbox)
        assert subjects(mailbox) == expected
        assert not env["crm.lead"].search([("email_normalized", "=", who)])

    def test_chosen_contacts(self, env, mailbox, dovecot, login, contacts):
        contacts[1].email_sync = True
        mailbox.scope = "chosen"
        deliver(dovecot, login, [compose(contacts[0].email, "one"), compose(contacts[1].email, "two")])
        deliver(dovecot, login, [compose(login, "to two", To=contacts[1].email)], folder="Sent")
        sync(mailbox)
        assert sorted(subjects(mailbox)) == ["to two", "two"]

    def test_without_the_crm_nothing_is_linked_and_no_lead_made(self, env, mailbox, dovecot, login, contacts):
        mailbox.link_to_crm = False
        who = f"who-{login}"
        deliver(dovecot, login, [compose(contacts[0].email, "known"), compose(who, "unknown")])
        sync(mailbox)
        emails = ledger(mailbox).email_id
        assert len(emails) == 2
        assert not emails.partner_ids
        assert not emails.lead_ids
        assert not env["crm.lead"].search([("email_normalized", "=", who)])


class TestBecomingKnown:
    def test_contact_that_is_made_later_gets_its_history(self, env, mailbox, dovecot, login):
        mailbox.scope = "known"
        vera = "vera@later.example"
        deliver(
            dovecot,
            login,
            [compose(f"Vera <{vera}>", "first"), compose(ANA, "copied", Cc=vera), *letters(5, "others")],
        )
        deliver(dovecot, login, [compose(login, "answer", To=vera)], folder="Sent")
        sync(mailbox)
        assert subjects(mailbox) == ["copied"]
        contact = env["res.partner"].create({"name": "Vera", "email": vera})
        sync(mailbox)
        assert sorted(emails_of(contact).mapped("subject")) == ["answer", "copied", "first"]
        assert not env["escala.history.request"]._get_pending(mailbox, None)
        assert_sound(mailbox)

    def test_alternative_address(self, env, mailbox, dovecot, login):
        mailbox.scope = "known"
        deliver(dovecot, login, [compose("ana.private@later.example", "private")])
        sync(mailbox)
        ana = env.ref("escala_contact_rules.partner_ana")
        ana.alternative_email_ids = [fields.Command.create({"email": "ana.private@later.example"})]
        sync(mailbox)
        assert ledger(mailbox).email_id.partner_ids == ana

    def test_contact_whose_synchronisation_is_switched_on(self, env, mailbox, dovecot, login):
        mailbox.scope = "chosen"
        contact = env["res.partner"].create({"name": "Iris", "email": "iris@later.example"})
        deliver(dovecot, login, [compose("iris@later.example", "before")])
        sync(mailbox)
        assert not subjects(mailbox)
        contact.email_sync = True
        sync(mailbox)
        assert subjects(mailbox) == ["before"]

    def test_within_the_window_only(self, env, dovecot, login, connect):
        deliver_old(dovecot, login, sender="window@later.example")
        mailbox = connect(history="week", scope="known")
        sync(mailbox)
        env["res.partner"].create({"name": "Window", "email": "window@later.example"})
        sync(mailbox)
        assert sorted(subjects(mailbox)) == sorted(list(AGES)[:3])

    def test_colleagues_stay_out(self, env, mailbox, dovecot, login):
        deliver(dovecot, login, [compose(ANA, "copied to a colleague", Cc="colleague@later.example")])
        sync(mailbox)
        env["res.users"].create(
            {"name": "Colleague", "login": "colleague@later.example", "email": "colleague@later.example"}
        )
        sync(mailbox)
        colleague = env["res.users"].search([("login", "=", "colleague@later.example")]).partner_id
        assert not emails_of(colleague)

    def test_many_at_once(self, env, mailbox, dovecot, login, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_history

        monkeypatch.setattr(escala_mailbox_history, "SEARCH_UP_TO", 10)
        mailbox.scope = "known"
        deliver(dovecot, login, letters(30, "many"))
        sync(mailbox)
        assert not subjects(mailbox)
        contacts = env["res.partner"].create(
            [{"name": f"Many {n}", "email": f"many{n}@stranger.example"} for n in range(1, 31)]
        )
        sync(mailbox)
        assert all(len(emails_of(contact)) == 1 for contact in contacts)

    def test_nothing_is_asked_for_without_a_mailbox(self, env):
        env["escala.mailbox"].search([]).action_disconnect()
        env["res.partner"].create({"name": "Nobody", "email": "nobody@later.example"})
        assert not env["escala.history.request"].search([("email", "=", "nobody@later.example")])
        env.cr.rollback()
