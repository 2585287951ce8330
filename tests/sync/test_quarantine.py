"""Messages that cannot be read, stored or fetched: kept with their bytes and the reason, tried again, given up."""

import base64

import pytest

from odoo.exceptions import AccessError

from setup.sample_mail import SAMPLES, read_message
from tests.conftest import total
from tests.sync.support import assert_sound, deliver, ledger, letters, sync


def name_of(login: str) -> str:
    return login.partition("@")[0]


@pytest.fixture
def fragile(env, monkeypatch, login):
    """Have the database refuse an e-mail, until told otherwise; give the subjects of those it refuses."""
    importer = type(env["escala.email.importer"])
    prepare = importer._prepare_email_values
    broken = {f"{name_of(login)} 2"}

    def without_date(self, mailbox, item):
        values = prepare(self, mailbox, item)
        return values | ({"date": None} if values["subject"] in broken else {})

    monkeypatch.setattr(importer, "_prepare_email_values", without_date)
    return broken


class TestTriedAgain:
    def test_three_times_and_then_quarantined(self, mailbox, dovecot, login, fragile):
        deliver(dovecot, login, letters(3, name_of(login)))
        states = []
        for _run in range(5):
            sync(mailbox)
            row = ledger(mailbox)[1]
            states.append((row.state, row.tries))
        assert states == [
            ("failed", 1),
            ("failed", 2),
            ("quarantined", 3),
            ("quarantined", 3),
            ("quarantined", 3),
        ]
        assert "IntegrityError" in row.detail or "NotNullViolation" in row.detail
        assert mailbox.state == "connected"
        assert mailbox.quarantine_count == 1

    def test_success_at_the_second_time(self, mailbox, dovecot, login, fragile):
        deliver(dovecot, login, letters(3, name_of(login)))
        sync(mailbox)
        fragile.clear()
        assert total(sync(mailbox)).linked == 1
        row = ledger(mailbox)[1]
        assert (row.state, row.reason, row.raw) == ("linked", False, False)
        assert row.email_id.subject == f"{name_of(login)} 2"
        assert_sound(mailbox)

    def test_row_is_dropped_if_the_message_is_not_to_be_brought_in(
        self, env, mailbox, dovecot, login, fragile
    ):
        deliver(dovecot, login, letters(3, name_of(login)))
        sync(mailbox)
        assert ledger(mailbox)[1].state == "failed"
        env["escala.mailbox.exclusion"].create(
            {"pattern": f"{name_of(login)}2@stranger.example", "mailbox_id": mailbox.id}
        )
        report = total(sync(mailbox))
        assert report.ignored["excluded"] == 1
        assert ledger(mailbox).mapped("uid") == [1, 3]
        assert total(sync(mailbox)).seen == 0


class TestServerRefuses:
    @pytest.fixture
    def damaged(self, mailbox, dovecot, login):
        """The file of a message that the server hangs up at, and its content; it is the second of twenty."""
        deliver(dovecot, login, letters(20, name_of(login)))
        folder = dovecot.folder / "mail" / login
        files = [path for place in ("new", "cur") for path in (folder / place).iterdir()]
        subject = f"Subject: {name_of(login)} 2".encode()
        [damaged] = [path for path in files if subject in path.read_bytes().splitlines()]
        content = damaged.read_bytes()
        damaged.write_bytes(content + b"more\r\n" * 10)
        return damaged, content

    def test_message_at_which_the_server_hangs_up_keeps_no_other_back(self, mailbox, dovecot, login, damaged):
        sync(mailbox)
        rows = ledger(mailbox)
        assert len(rows.email_id) == 19
        assert not mailbox.last_error
        [row] = rows - rows.filtered("email_id")
        assert (row.uid, row.state, row.reason, row.tries) == (2, "failed", "not_served", 1)
        deliver(dovecot, login, letters(1, f"{name_of(login)}-after"))
        for _run in range(3):
            sync(mailbox)
        assert (row.state, row.tries) == ("quarantined", 3)
        assert len(ledger(mailbox).email_id) == 20
        assert not mailbox.last_error

    def test_try_again_fetches_it_once_the_server_has_it_whole(self, env, mailbox, dovecot, login, damaged):
        for _run in range(4):
            sync(mailbox)
        row = ledger(mailbox).filtered(lambda row: row.state == "quarantined")
        path, content = damaged
        path.write_bytes(content)
        assert row.action_try_again()["params"]["type"] == "success"
        env.cr.commit()
        sync(mailbox)
        assert row.state == "linked"
        assert row.email_id.subject == f"{name_of(login)} 2"
        assert_sound(mailbox)


class TestButtons:
    @pytest.fixture
    def quarantined(self, mailbox, dovecot, login, fragile):
        deliver(dovecot, login, letters(2, name_of(login)))
        for _run in range(3):
            sync(mailbox)
        row = ledger(mailbox)[1]
        assert row.state == "quarantined"
        return row

    def test_try_again_brings_it_in_from_the_bytes_that_were_kept(
        self, env, mailbox, dovecot, login, quarantined, fragile
    ):
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.delete_messages([2])
            client.expunge()
        answer = quarantined.action_try_again()["params"]
        assert (answer["type"], quarantined.state) == ("warning", "quarantined")
        fragile.clear()
        answer = quarantined.action_try_again()["params"]
        assert answer["type"] == "success"
        assert quarantined.state == "linked"
        assert quarantined.email_id.body
        env.cr.commit()
        assert_sound(mailbox)

    def test_discarded_message_does_not_come_back(self, env, mailbox, quarantined, fragile):
        quarantined.action_discard()
        env.cr.commit()
        fragile.clear()
        assert total(sync(mailbox)).linked == 0
        assert quarantined.state == "discarded"
        assert not quarantined.raw
        assert mailbox.quarantine_count == 0

    def test_only_its_own_people_decide(self, env, mailbox, quarantined):
        marcos = env.ref("escala_mail_sync.user_marcos")
        for action in ("action_try_again", "action_discard"):
            with pytest.raises(AccessError):
                getattr(quarantined.with_user(marcos), action)()
        mailbox.member_ids += marcos
        quarantined.with_user(marcos).action_discard()
        assert quarantined.state == "discarded"
        env.cr.rollback()

    def test_what_is_not_in_quarantine_cannot_be_discarded(self, mailbox, quarantined):
        with pytest.raises(AccessError):
            ledger(mailbox).action_discard()

    def test_unreadable_message_stays_with_its_reason(self, mailbox, dovecot, login):
        raw = read_message(SAMPLES / "broken/02-no-from.eml")
        deliver(dovecot, login, [raw])
        sync(mailbox)
        row = ledger(mailbox)
        assert row.action_try_again()["params"]["type"] == "warning"
        assert (row.state, row.reason) == ("quarantined", "no_sender")
        assert base64.b64decode(row.raw) == raw
