"""The sample mail, message by message: what became of it, and with whom it is linked."""

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from setup import demo_mail
from setup.sample_mail import SAMPLES, load_samples, read_message
from tests.sync.support import compose, deliver, demo_contact, emails_of, ledger, sync

LAURA, VENTAS = demo_mail.MAILBOXES


@pytest.fixture(scope="module")
def samples():
    """The sample messages with their UIDs: they are delivered in the order of the index."""
    counts: dict[tuple[str, str], int] = {}
    found = []
    for sample in load_samples():
        place = sample.mailbox, sample.folder
        counts[place] = counts.get(place, 0) + 1
        found.append((sample, counts[place]))
    return found


@pytest.fixture(scope="module")
def synced(module_env, dovecot, samples):
    """Both mailboxes of the demo, synchronised once: its reports, and the leads that were there before."""
    env = module_env
    demo_mail.fill(dovecot, (sample for sample, _uid in samples))
    before = env["crm.lead"].search([]).ids
    demo_mail.connect(env, dovecot)
    reasons = {(s.mailbox, s.file): reason_to_ignore(env, s) for s, _uid in samples}
    return SimpleNamespace(reports=env["escala.mailbox"]._cron_sync(), leads_before=before, reasons=reasons)


def reason_to_ignore(env, sample) -> str:
    """Ask the rules about one message: the ledger does not list what is left out."""
    from odoo.addons.escala_mail_sync.mime import ParseError, parse_email

    mailbox = env["escala.mailbox"].search([("email", "=", sample.mailbox)])
    try:
        headers = parse_email(sample.raw).headers
    except ParseError:
        return ""  # kept, in quarantine
    (decision,) = env["escala.email.classifier"]._classify(mailbox, [headers])
    return decision.ignored


@pytest.fixture
def row(env, synced, samples):
    """Return the ledger's row of a sample file, in the first mailbox that has it unless another is named."""

    def find(file, mailbox=None, occurrence=0):
        places = [
            (sample.mailbox, sample.folder, uid)
            for sample, uid in samples
            if sample.file == file and mailbox in (None, sample.mailbox)
        ]
        address, folder, uid = places[occurrence]
        return env["escala.mailbox.message"].search(
            [("mailbox_id.email", "=", address), ("folder_id.path", "=", folder), ("uid", "=", uid)]
        )

    return find


@pytest.fixture
def email(row):
    """Return the e-mail of a sample file."""
    return lambda *where: row(*where).email_id


class TestOutcomes:
    def test_every_message_of_the_index_ends_as_it_says(self, env, synced, samples):
        wanted = {(s.mailbox, s.folder, uid, s.file): s.outcome for s, uid in samples}
        found = {place: self.outcome(env, synced, *place) for place in wanted}
        assert found == wanted

    def test_counts_of_the_reports_are_those_of_the_index(self, synced, samples):
        assert demo_mail.found(synced.reports) == demo_mail.expected(sample for sample, _uid in samples)

    def outcome(self, env, synced, address, folder, uid, file) -> str:
        mailbox = env["escala.mailbox"].search([("email", "=", address)])
        if not mailbox.folder_ids.filtered_domain([("path", "=", folder), ("selected", "=", True)]):
            return "not_synced"
        rows = ledger(mailbox)
        row = rows.filtered_domain([("folder_id.path", "=", folder), ("uid", "=", uid)])
        if not row:
            return f"ignored:{synced.reasons[address, file]}"
        if row.state == "quarantined":
            return f"quarantined:{row.reason}"
        leads = row.email_id.lead_ids.filtered(lambda lead: lead.id not in synced.leads_before)
        if row.email_id.partner_ids or row.email_id.lead_ids - leads:
            return "linked"
        if not leads:
            return "linked with nothing"
        made = sum(self.first_row(lead) == row for lead in leads)
        return f"lead:{made}" if made > 1 else "lead" if made else "linked_lead"

    def first_row(self, lead):
        return lead.env["escala.mailbox.message"].search(
            [("email_id.lead_ids", "=", lead.id)], order="id", limit=1
        )


class TestContacts:
    def test_primary_address(self, env, email):
        assert email("threads/llamazares/01-ana-asks-for-batteries.eml").partner_ids == demo_contact(
            env, "ana"
        )

    def test_alternative_address(self, env, email):
        assert email("threads/llamazares/03-ana-from-home.eml").partner_ids == demo_contact(env, "ana")

    def test_odd_spelling_of_an_address(self, env, email):
        assert email("threads/llamazares/07-ana-accepts.eml").partner_ids >= demo_contact(env, "ana")
        assert email("customers/02-iker-comment-in-address.eml").partner_ids == demo_contact(env, "iker")

    def test_recipients_of_sent_mail_and_those_in_bcc(self, env, email):
        assert (
            demo_contact(env, "carmen")
            in email("customers/07-laura-subcontractor-copies-carmen.eml").partner_ids
        )
        assert demo_contact(env, "jose") in email("customers/13-ventas-bcc-jose.eml").partner_ids

    def test_company_shows_the_mail_of_its_people(self, env, email):
        from_otto = email("automatic/04-otto-out-of-office.eml")
        assert from_otto.partner_ids == demo_contact(env, "otto")
        company = demo_contact(env, "llamazares")
        assert from_otto in emails_of(company)
        assert emails_of(company) >= emails_of(demo_contact(env, "ana"))

    def test_display_name_that_is_a_known_address_is_not_believed(self, env, email):
        stranger = email("customers/09-stranger-named-like-ana.eml")
        assert not stranger.partner_ids
        assert demo_contact(env, "ana").email_normalized not in stranger.lead_ids.mapped("email_normalized")

    def test_no_contact_is_made_but_from_vcards(self, env, synced):
        contacts = env["res.partner"].search([("email_normalized", "like", "%.example")])
        newest = max(env["res.users"].search([("login", "in", ("laura", "marcos", "nadia"))]).partner_id.ids)
        assert set(contacts.filtered(lambda contact: contact.id > newest).mapped("name")) == {
            "Julián Peña",
            "Begoña Iturralde",
            "Günther Adler",
            "Pilar Monzó",
            "Moraira Keys",
        }


class TestLeads:
    def test_known_lead_without_a_contact(self, env, email):
        lead = env.ref("escala_mail_sync.lead_clinica_norte")
        assert email("threads/clinica-norte/01-soto-asks-dates.eml").lead_ids == lead
        assert email("threads/clinica-norte/02-ventas-crane.eml").lead_ids == lead

    def test_somebody_who_writes_twice_gets_one_lead(self, env, email):
        first, again = email("newcomers/01-tom-writes-to-both.eml"), email("newcomers/02-tom-again.eml")
        assert len(first.lead_ids) == 1
        assert first.lead_ids == again.lead_ids

    def test_every_unknown_sender_has_exactly_one_lead(self, env, synced):
        leads = env["crm.lead"].search([("id", "not in", synced.leads_before)])
        addresses = leads.mapped("email_normalized")
        assert len(set(addresses)) == len(addresses)

    def test_lead_belongs_to_the_owner_of_the_mailbox(self, env, email):
        lead = email("newcomers/03-elodie-wrong-charset.eml").lead_ids
        assert lead.user_id == env.ref("escala_mail_sync.user_laura")
        assert lead.contact_name

    def test_lead_is_named_in_the_language_of_whoever_gets_it(self, env, mailbox, dovecot, login):
        mailbox.user_id.lang = "es_ES"
        mailbox.visibility = "shared"  # of a private one, the lead is named after the person
        deliver(dovecot, login, [compose("nueva@stranger.example", subject="")])
        sync(mailbox)
        lead = env["crm.lead"].search([("email_normalized", "=", "nueva@stranger.example")])
        assert lead.name == "Correo de nueva@stranger.example"

    def test_newcomer_of_the_same_batch_is_known_to_the_messages_after(self, env, mailbox, dovecot, login):
        deliver(
            dovecot,
            login,
            [
                compose("Vera <vera@batch.example>", "Primera"),
                compose("vera@batch.example", "Ausente", Auto_Submitted="auto-replied"),
                compose("socio@batch.example", "Segunda", Cc="vera@batch.example"),
            ],
        )
        sync(mailbox)
        lead = env["crm.lead"].search([("email_normalized", "like", "@batch.example")])
        assert lead.email_normalized == "vera@batch.example"
        assert [row.email_id.lead_ids for row in ledger(mailbox)] == [lead] * 3

    def test_no_lead_when_the_mailbox_makes_none(self, env, mailbox, dovecot, login):
        mailbox.create_leads = False
        deliver(dovecot, login, [compose("nolead@stranger.example")])
        assert sum(report.leads for report in sync(mailbox)) == 0
        assert not env["crm.lead"].search([("email_normalized", "=", "nolead@stranger.example")])


class TestIdentity:
    def test_message_in_two_mailboxes_is_one_email(self, email, row):
        for file in ("newcomers/01-tom-writes-to-both.eml", "threads/ibarra/03-iker-sends-label.eml"):
            copies = row(file, LAURA) + row(file, VENTAS)
            assert len(copies) == 2
            assert len(copies.email_id) == 1
            assert copies.email_id.mailbox_message_ids == copies.sorted("id", reverse=True)

    def test_message_twice_in_one_folder_is_one_email(self, row):
        file = "customers/12-otto-sent-twice.eml"
        copies = row(file, LAURA, 0) + row(file, LAURA, 1)
        assert len(copies) == 2
        assert len(copies.email_id) == 1

    def test_same_message_id_with_different_content_is_two_emails(self, email):
        first = email("customers/10-ibarra-order-same-id.eml")
        second = email("customers/11-ibarra-order-same-id.eml")
        assert first.message_id == second.message_id
        assert first != second
        assert first.body != second.body

    def test_forged_message_id_reveals_nothing(self, env, email):
        forged = email("broken/05-forged-message-id.eml")
        genuine = email("threads/llamazares/02-laura-sends-offer.eml")
        assert forged.message_id == genuine.message_id
        assert forged != genuine
        assert not forged.partner_ids
        assert not forged.attachment_ids & genuine.attachment_ids
        marcos = env.ref("escala_mail_sync.user_marcos")
        readable = env(user=marcos)["escala.email"].search([("message_id", "=", genuine.message_id)])
        assert readable.ids == forged.ids

    def test_message_id_is_left_to_odoo(self, env, synced):
        """Else the mail gateway would drop the same message as a duplicate when it comes in there."""
        emails = env["escala.email"].search([("message_id", "!=", "")])
        taken = env["mail.message"].search([("message_id", "in", emails.mapped("message_id"))])
        assert not taken

    def test_message_that_odoo_sent_is_not_imported_from_sent(self, env, mailbox, dovecot, login):
        sent = demo_contact(env, "ana").message_post(body="Hola", message_type="comment")
        deliver(
            dovecot, login, [compose(login, To="ana@llamazares.example", Message_ID=sent.message_id)], "Sent"
        )
        report = next(report for report in sync(mailbox) if report.folder == "Sent")
        assert +report.ignored == {"sent_by_odoo": 1}
        assert not ledger(mailbox)

    def test_message_that_reached_the_gateway_too_is_imported_from_sent(self, env, mailbox, dovecot, login):
        """As what is sent to a customer and, in Cc, to an alias of Odoo's."""
        ana = demo_contact(env, "ana")
        ana.message_post(
            body="Hola",
            message_type="email",
            message_id="<to-ana-and-alias@nordica.example>",
            email_from=login,
        )
        raw = compose(login, To=ana.email, Message_ID="<to-ana-and-alias@nordica.example>")
        deliver(dovecot, login, [raw], "Sent")
        sync(mailbox)
        assert ledger(mailbox).email_id.partner_ids == ana


class TestHistory:
    def test_what_the_server_got_before_the_connection_is_history(self, env, mailbox, dovecot, login):
        """Whatever the sender's clock says; the server's may be some minutes behind."""
        mailbox.connected_on = "2026-10-05 08:00:00"
        before, behind, after = (
            datetime(2026, 10, 5, *moment, tzinfo=timezone.utc) for moment in ((7, 30), (7, 58), (8, 30))
        )
        dovecot.append_all(
            login,
            "INBOX",
            [
                (compose("ana@llamazares.example", "antes"), (), before),
                (compose("ana@llamazares.example", "casi"), (), behind),
                (
                    compose("ana@llamazares.example", "después", Date="Mon, 05 Jan 2015 10:00:00 +0200"),
                    (),
                    after,
                ),
            ],
        )
        sync(mailbox)
        assert [row.email_id.is_history for row in ledger(mailbox)] == [True, False, False]

    def test_an_email_from_the_future_is_of_the_day_on_which_it_came(self, mailbox, dovecot, login):
        future = compose("ana@llamazares.example", "mañana", Date="Mon, 05 Jan 2099 10:00:00 +0200")
        deliver(dovecot, login, [future])
        sync(mailbox)
        row = ledger(mailbox)
        assert row.email_id.date == row.internal_date


class TestThreads:
    @pytest.mark.parametrize(
        "thread", ["llamazares", "ibarra", "greenfield", "finca-soler", "panaderia-campos"]
    )
    def test_conversation_over_folders_and_mailboxes_is_one(self, env, email, samples, thread):
        files = {s.file for s, _uid in samples if s.file.startswith(f"threads/{thread}/")}
        emails = env["escala.email"].union(*map(email, sorted(files)))
        emails |= env["escala.mailbox.message"].search([("email_id", "in", emails.ids)]).email_id
        assert len(emails) >= len(files) - 1
        assert len(emails.thread_id) == 1

    def test_reply_without_a_message_id_joins_by_in_reply_to(self, email):
        first = email("threads/perez-muller/01-jose-subsidy-papers.eml")
        assert email("threads/perez-muller/03-jose-filed.eml").thread_id == first.thread_id

    def test_same_subject_alone_is_no_thread(self, env, mailbox, dovecot, login):
        deliver(
            dovecot,
            login,
            [
                compose("ana@llamazares.example", "Factura", Message_ID="<one@llamazares.example>"),
                compose("otto@llamazares.example", "Re: Factura", Message_ID="<two@llamazares.example>"),
            ],
        )
        sync(mailbox)
        assert len(ledger(mailbox).email_id.thread_id) == 2


class TestContent:
    def test_inline_image_shows_from_its_attachment(self, email):
        photo = email("threads/carmen-vidal/01-carmen-inline-photo.eml")
        (image,) = photo.attachment_ids
        assert f'src="/web/image/{image.id}"' in photo.body
        assert "cid:" not in photo.body

    def test_html_is_sanitised(self, email):
        body = email("encodings/06-html-only-to-sanitise.eml").body.lower()
        assert "<script" not in body
        assert "onclick" not in body
        assert "onload" not in body
        assert "onerror" not in body
        assert "javascript:" not in body

    def test_attachments_have_the_bytes_of_the_message(self, env, email, samples):
        from odoo.addons.escala_mail_sync.mime import parse_email

        for file in {s.file for s, _uid in samples if s.file.startswith(("attachments/", "threads/"))}:
            found = email(file)
            wanted = parse_email(read_message(SAMPLES / file)).attachments if found else ()
            assert sorted((a.filename, a.content) for a in wanted) == sorted(
                (a.name, a.raw) for a in found.attachment_ids
            )

    def test_attachment_of_ten_megabytes_is_whole(self, email):
        (attachment,) = email("attachments/06-jose-ten-megabytes.eml").attachment_ids
        assert attachment.file_size == len(attachment.raw) > 7_000_000

    def test_html_file_of_a_stranger_is_plain_text(self, env, mailbox, dovecot, login):
        page = b"<html><script>alert(1)</script></html>"
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
        files = [("oferta.html", "text/html", page), ("logo.svg", "image/svg+xml", drawing)]
        deliver(dovecot, login, [compose("ana@llamazares.example", attachments=files)])
        sync(mailbox)
        attachments = ledger(mailbox).email_id.attachment_ids
        assert {(a.name, a.mimetype, a.raw) for a in attachments} == {
            ("oferta.html", "text/plain", page),
            ("logo.svg", "text/plain", drawing),
        }

    def test_unknown_character_set_is_readable(self, email):
        found = email("encodings/02-iker-unknown-charset.eml")
        assert found.snippet
        assert found.snippet[:20] in found.mail_message_id.body.replace("<br>", " ").replace("<p>", "")
