"""A server that was restored from a backup: it gives numbers that messages had before to others."""

import contextlib
import shutil
import subprocess

import pytest

from tests.conftest import total
from tests.sync.support import (
    assert_sound,
    compose,
    cursors,
    deliver,
    flags_on_server,
    ledger,
    letters,
    subjects,
    sync,
)

ANA = "ana@llamazares.example"


@pytest.fixture
def backup(dovecot, login):
    """Return a context manager: after the block, the server has the mailbox as it was before."""

    @contextlib.contextmanager
    def backup():
        mail = dovecot.folder / "mail" / login
        kept = mail.with_name(f"{login}.backup")
        subprocess.run(["cp", "-a", mail, kept], check=True)
        yield
        shutil.rmtree(mail)
        kept.rename(mail)

    return backup


@pytest.fixture
def prefix(login):
    return login.partition("@")[0]


class TestNumbersGivenAgain:
    @pytest.fixture
    def restored(self, mailbox, dovecot, login, backup, prefix):
        """Six messages were read, of which the server has forgotten the last three."""
        deliver(dovecot, login, letters(3, prefix))
        sync(mailbox)
        with backup():
            deliver(dovecot, login, letters(3, f"{prefix}-lost"))
            sync(mailbox)
        assert cursors(mailbox)["INBOX"][1] == 6
        return ledger(mailbox)

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_new_message_comes_in_and_nothing_twice(self, mailbox, dovecot, login, restored, prefix, count):
        validity = cursors(mailbox)["INBOX"][0]
        emails = restored.email_id
        deliver(dovecot, login, letters(count, f"{prefix}-new"))
        report = total(sync(mailbox))
        assert cursors(mailbox)["INBOX"] == (validity, 3 + count)
        assert (report.seen, report.linked, report.leads) == (3 + count, count, count)
        present = ledger(mailbox).filtered(lambda row: row.uidvalidity == validity)
        new = [f"{prefix}-new {n}" for n in range(1, count + 1)]
        assert present.mapped("subject") == [*(f"{prefix} {n}" for n in (1, 2, 3)), *new]
        assert emails <= ledger(mailbox).email_id
        assert not any(ledger(mailbox).mapped("gone"))
        assert_sound(mailbox)
        assert total(sync(mailbox)).seen == 0

    def test_what_the_backup_lacks_comes_back(self, mailbox, dovecot, login, restored, prefix):
        """Its owner's mail program puts it there again, among new mail."""
        emails = restored.email_id
        sync(mailbox)
        deliver(dovecot, login, [*letters(1, f"{prefix}-new"), *letters(3, f"{prefix}-lost")])
        report = total(sync(mailbox))
        assert report.leads == 1
        assert len(ledger(mailbox).email_id - emails) == 1
        assert_sound(mailbox)

    def test_twice(self, mailbox, dovecot, login, restored, backup, prefix):
        with backup():
            deliver(dovecot, login, letters(2, f"{prefix}-second"))
            sync(mailbox)
        deliver(dovecot, login, letters(1, f"{prefix}-third"))
        sync(mailbox)
        expected = [f"{prefix}{kind} {n}" for kind in ("", "-lost") for n in (1, 2, 3)]
        expected += [f"{prefix}-second 1", f"{prefix}-second 2", f"{prefix}-third 1"]
        assert sorted(subjects(mailbox)) == expected
        assert_sound(mailbox)

    def test_no_other_message_is_marked_as_read(self, env, mailbox, dovecot, login, restored, prefix):
        restored[3:]._mark_seen()
        env.cr.commit()
        deliver(dovecot, login, letters(1, f"{prefix}-new"))
        for _run in range(2):
            sync(mailbox)
        assert not any(b"\\Seen" in flags for flags in flags_on_server(dovecot, login).values())

    def test_flags_and_deletions_are_followed_afterwards(self, mailbox, dovecot, login, restored, prefix):
        deliver(dovecot, login, letters(1, f"{prefix}-new"))
        sync(mailbox)
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.add_flags([4], ["\\Seen"])
            client.delete_messages([2])
            client.expunge()
        sync(mailbox)
        rows = {row.subject: row for row in ledger(mailbox)}
        assert [name for name, row in rows.items() if row.seen] == [f"{prefix}-new 1"]
        assert f"{prefix} 2" not in rows, "it is gone, and so is what came of it"


def test_message_in_quarantine_can_be_brought_in_afterwards(
    env, mailbox, dovecot, login, backup, monkeypatch
):
    importer = type(env["escala.email.importer"])
    with backup(), monkeypatch.context() as patch:
        prepare = importer._prepare_email_values
        patch.setattr(importer, "_prepare_email_values", lambda *given: prepare(*given) | {"date": None})
        deliver(dovecot, login, [compose(ANA, f"fragile {login}"), compose(login, "to nobody")])
        for _run in range(3):
            sync(mailbox)
    deliver(dovecot, login, [compose(ANA, f"other {login}")])
    row = ledger(mailbox)
    assert row.state == "quarantined"
    sync(mailbox)
    row.action_try_again()
    env.cr.commit()
    assert sorted(ledger(mailbox).email_id.mapped("subject")) == [f"fragile {login}", f"other {login}"]
    assert_sound(mailbox)
