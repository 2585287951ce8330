"""What is removed in Odoo, or excluded, stays away, whatever the server shows and whoever else is at it."""

import threading
from collections import Counter

import pytest

from setup import odoo_env
from tests.conftest import make_mailbox, total
from tests.sync.support import (
    assert_sound,
    compose,
    deliver,
    flags_on_server,
    ledger,
    letters,
    subjects,
    sync,
    uids_on_server,
)


def remove(emails, mailbox):
    emails.with_env(mailbox.env)._remove_from(mailbox)
    mailbox.env.cr.commit()


def ignored(reports) -> Counter:
    return +total(reports).ignored


@pytest.fixture
def other_mailbox(env, dovecot, login):
    return make_mailbox(env, dovecot, f"other-{login}", kind="shared", user_id=False)


class TestRemoved:
    def test_it_is_not_fetched_again(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(3, "again"))
        sync(mailbox)
        remove(ledger(mailbox)[0].email_id, mailbox)
        assert total(sync(mailbox)).linked == 0
        assert subjects(mailbox) == ["again 2", "again 3"]
        assert ledger(mailbox)[0].state == "discarded"
        assert uids_on_server(dovecot, login) == [1, 2, 3]

    def test_moved_to_another_folder_it_stays_away(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(2, "moved"))
        with dovecot.connect(login) as client:
            client.create_folder("Clientes")
        mailbox.action_connect()
        mailbox.folder_ids.selected = True
        sync(mailbox)
        remove(ledger(mailbox)[0].email_id, mailbox)
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.move([1, 2], "Clientes")
        report = next(report for report in sync(mailbox) if report.folder == "Clientes")
        assert (report.seen, report.known, +report.ignored) == (2, 1, {"removed": 1})
        assert set(subjects(mailbox)) == {"moved 2"}
        assert_sound(mailbox)

    def test_under_a_new_number_it_stays_away(self, mailbox, dovecot, login):
        raws = letters(2, "renumbered-removed")
        self.make_folder(mailbox, dovecot, login, raws)
        sync(mailbox)
        remove(ledger(mailbox)[0].email_id, mailbox)
        with dovecot.connect(login) as client:
            client.delete_folder("Obra")
        sync(mailbox)
        self.make_folder(mailbox, dovecot, login, raws)
        assert ignored(sync(mailbox)) == {"removed": 1}
        assert set(subjects(mailbox)) == {"renumbered-removed 2"}

    def make_folder(self, mailbox, dovecot, login, raws):
        with dovecot.connect(login) as client:
            client.create_folder("Obra")
        deliver(dovecot, login, raws, folder="Obra")
        mailbox.action_connect()
        mailbox.folder_ids.selected = True

    def test_for_another_mailbox_it_is_new(self, mailbox, other_mailbox, dovecot, login):
        deliver(dovecot, login, letters(1, "elsewhere"))
        sync(mailbox)
        remove(ledger(mailbox).email_id, mailbox)
        deliver(dovecot, other_mailbox.email, letters(1, "elsewhere"))
        sync(other_mailbox)
        assert subjects(other_mailbox) == ["elsewhere 1"]
        assert not subjects(mailbox)

    def test_nothing_changes_on_the_server(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(2, "untouched"), flags=("\\Flagged",))
        before = flags_on_server(dovecot, login)
        sync(mailbox)
        remove(ledger(mailbox).email_id, mailbox)
        sync(mailbox)
        assert flags_on_server(dovecot, login) == before

    def test_the_rest_of_a_conversation_goes_on(self, env, mailbox, dovecot, login):
        """The lead of the removed e-mail is there, so that the next one of the same sender is its."""
        first, second = (compose("luz@goes-on.example", subject) for subject in ("uno", "dos"))
        deliver(dovecot, login, [first])
        sync(mailbox)
        lead = ledger(mailbox).email_id.lead_ids
        remove(ledger(mailbox).email_id, mailbox)
        deliver(dovecot, login, [first, second])
        reports = sync(mailbox)
        assert ignored(reports) == {"removed": 1}
        assert ledger(mailbox).email_id.lead_ids == lead


class TestAtOnce:
    def test_removed_while_a_copy_comes_in(
        self, env, odoo_database, mailbox, other_mailbox, dovecot, login, monkeypatch
    ):
        """The copy was found in the database, and is gone when it is to be linked: it is stored anew."""
        raws = letters(3, "meeting")
        deliver(dovecot, login, raws)
        deliver(dovecot, other_mailbox.email, raws)
        sync(mailbox)
        removed = ledger(mailbox)[0].email_id.id
        importer = type(env["escala.email.importer"])
        find, calls = importer._find_by_content, []

        def find_and_have_removed(self, items):
            found = find(self, items)
            calls.append(found)
            if len(calls) == 1:
                with odoo_env.environment(odoo_database) as other:
                    other["escala.email"].browse(removed)._remove_from(
                        other["escala.mailbox"].browse(mailbox.id)
                    )
                    other.cr.commit()
            return found

        monkeypatch.setattr(importer, "_find_by_content", find_and_have_removed)
        sync(other_mailbox)
        assert removed in calls[0].values()
        assert removed not in calls[-1].values()
        assert ledger(other_mailbox).mapped("state") == ["linked"] * 3
        assert subjects(other_mailbox) == ["meeting 1", "meeting 2", "meeting 3"]
        assert subjects(mailbox) == ["meeting 2", "meeting 3"]
        assert_sound(other_mailbox)

    def test_removed_while_another_copy_comes_into_the_same_mailbox(
        self, env, odoo_database, mailbox, other_mailbox, dovecot, login, monkeypatch
    ):
        """The e-mail itself stays, for the other mailbox has it, and yet it does not come back into this one."""
        raws = letters(1, "same-mailbox")
        for each in (mailbox, other_mailbox):
            deliver(dovecot, each.email, raws)
        sync(mailbox + other_mailbox)
        email = ledger(mailbox).email_id
        deliver(dovecot, login, raws)
        importer = type(env["escala.email.importer"])
        find, calls = importer._find_by_content, []

        def find_and_have_removed(self, items):
            found = find(self, items)
            calls.append(found)
            if len(calls) == 1:
                with odoo_env.environment(odoo_database) as other:
                    other["escala.email"].browse(email.id)._remove_from(
                        other["escala.mailbox"].browse(mailbox.id)
                    )
                    other.cr.commit()
            return found

        monkeypatch.setattr(importer, "_find_by_content", find_and_have_removed)
        reports = sync(mailbox)
        assert calls[0]
        assert ignored(reports) == {"removed": 1}
        assert not subjects(mailbox)
        assert subjects(other_mailbox) == ["same-mailbox 1"]

    def test_contact_deleted_while_its_mail_comes_in(
        self, env, odoo_database, mailbox, dovecot, login, monkeypatch
    ):
        """Nothing is wrong with the message: it is no case for the quarantine."""
        contact = env["res.partner"].create({"name": "Eva", "email": "eva@deleted-meanwhile.example"})
        env.cr.commit()
        deliver(dovecot, login, [compose(contact.email, "de nadie")])
        importer, calls = type(env["escala.email.importer"]), []
        create = importer._create_emails

        def create_later(self, folder, items, leads):
            calls.append(items)
            if len(calls) == 1:
                with odoo_env.environment(odoo_database) as other:
                    other["res.partner"].browse(contact.id).unlink()
                    other.cr.commit()
            return create(self, folder, items, leads)

        monkeypatch.setattr(importer, "_create_emails", create_later)
        sync(mailbox)
        assert ledger(mailbox).mapped("state") == ["linked"]
        assert ledger(mailbox).email_id.lead_ids.email_normalized == "eva@deleted-meanwhile.example"

    def test_two_remove_the_last_two_copies(self, env, odoo_database, mailbox, other_mailbox, dovecot, login):
        """Each sees the other's copy, and yet no e-mail is left that nobody has."""
        from odoo.service.model import retrying

        raws = letters(4, "last-copies")
        for each in (mailbox, other_mailbox):
            deliver(dovecot, each.email, raws)
        sync(mailbox + other_mailbox)
        email_ids = ledger(mailbox).email_id.ids
        assert len(email_ids) == 4
        both_began, tries = threading.Barrier(2), []

        def remove_as_a_request_does(mailbox_id):
            with odoo_env.environment(odoo_database) as other:
                mine = other["escala.mailbox"].browse(mailbox_id)

                def work():
                    emails = other["escala.email"].browse(email_ids)
                    emails.mapped("subject")  # the transaction's snapshot is taken
                    tries.append(mailbox_id)
                    if len(tries) <= 2:
                        both_began.wait(30)
                    emails.exists()._remove_from(mine)

                retrying(work, other)

        threads = [
            threading.Thread(target=remove_as_a_request_does, args=[each.id])
            for each in (mailbox, other_mailbox)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(tries) > 2, "the second one was to be started over"
        env.cr.rollback()
        env.invalidate_all()
        assert set(ledger(mailbox + other_mailbox).mapped("state")) == {"discarded"}
        assert not env["escala.email"].browse(email_ids).exists()


class TestExcluded:
    def test_what_is_excluded_neither_comes_in_nor_makes_leads(self, env, mailbox, dovecot, login):
        exclude(env, mailbox, "excluded.example")
        deliver(
            dovecot,
            login,
            [
                compose("luz@excluded.example", "from it"),
                compose("luz@not-excluded.example", "from somebody else", Cc="luz@excluded.example"),
            ],
        )
        deliver(
            dovecot,
            login,
            [
                compose(login, "to it", To="ana@llamazares.example, luz@excluded.example"),
                compose(login, "to it only", To="luz@excluded.example"),
            ],
            folder="Sent",
        )
        reports = sync(mailbox)
        assert ignored(reports) == {"excluded": 2}
        assert set(subjects(mailbox)) == {"from somebody else", "to it"}
        assert not env["crm.lead"].search([("email_normalized", "=like", "%@excluded.example")])
        assert ledger(mailbox).filtered_domain([("subject", "=", "to it")]).email_id.partner_ids.mapped(
            "email"
        ) == ["ana@llamazares.example"]

    def test_excluded_afterwards_with_what_it_brought_in(self, env, mailbox, dovecot, login):
        raws = [compose("eva@afterwards.example", f"antes {number}") for number in range(3)]
        answer = compose(login, "respuesta", To="eva@afterwards.example", Cc="laura@nordica.example")
        deliver(dovecot, login, raws)
        deliver(dovecot, login, [answer], folder="Sent")
        deliver(dovecot, login, [compose("ana@llamazares.example", "otra")])
        sync(mailbox)
        assert len(subjects(mailbox)) == 5
        exclusion = exclude(env, mailbox, "eva@afterwards.example")
        assert exclusion.email_count == 4
        exclusion.action_remove_emails()
        env.cr.commit()
        assert subjects(mailbox) == ["otra"]
        deliver(dovecot, login, [raws[0], compose("eva@afterwards.example", "después")])
        assert ignored(sync(mailbox)) == {"excluded": 2}
        exclusion.unlink()
        env.cr.commit()
        deliver(dovecot, login, [raws[0], compose("eva@afterwards.example", "y ahora")])
        assert ignored(sync(mailbox)) == {"removed": 1}
        assert subjects(mailbox) == ["otra", "y ahora"]


def exclude(env, mailbox, pattern):
    exclusion = env["escala.mailbox.exclusion"].create({"pattern": pattern, "mailbox_id": mailbox.id})
    env.cr.commit()
    return exclusion
