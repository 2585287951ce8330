"""Whatever is no mailing leaves by another server than the marketing account's."""

import pytest

from odoo.exceptions import UserError, ValidationError

from tests.marketing.mailings import make_mailing
from tests.smtp import server as smtp_server


@pytest.fixture
def author(env, account):
    """Somebody whose address is that of the account, so that From alone would lead there."""
    user = env.ref("escala_mail_sync.user_marcos")
    user.partner_id.email = account.email
    env.cr.commit()
    return user


def test_messages_leave_by_another_server(env, account, post_office, general, contacts, author):
    contacts[0].with_user(author).message_post(
        body="Hola", partner_ids=contacts[0].ids, subtype_xmlid="mail.mt_comment"
    )
    env.cr.commit()
    assert (len(general.got), post_office.got) == (1, [])


def test_templates_leave_by_another_server(env, account, post_office, general, contacts, author):
    template = env["mail.template"].create(
        {
            "name": "Bienvenida",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "Bienvenida",
            "body_html": "<p>Hola</p>",
            "email_from": account.email,
            "email_to": "{{ object.email }}",
        }
    )
    template.send_mail(contacts[0].id, force_send=True)
    assert (len(general.got), post_office.got) == (1, [])
    with pytest.raises(UserError):
        template.mail_server_id = account._find_mail_servers()
    env.cr.rollback()


def test_nothing_leaves_where_there_is_no_other_server(env, account, post_office, contacts):
    env["ir.mail_server"].search([("escala_mailbox_id", "=", False)]).active = False
    mail = env["mail.mail"].create({"email_from": account.email, "email_to": contacts[0].email})
    mail.send()
    assert mail.state == "exception"
    assert post_office.got == []


def test_no_message_can_name_the_account(env, account, contacts, author):
    server = account._find_mail_servers()
    with pytest.raises(ValidationError):
        contacts[0].with_user(author).message_post(
            body="Hola", partner_ids=contacts.ids, mail_server_id=server.id, email_from=account.email
        )
    env.cr.rollback()
    mailing = make_mailing(env, contacts, mail_server_id=False)
    with pytest.raises(ValidationError):
        env["mail.mail"].create({"mail_server_id": server.id, "mailing_id": mailing.id})
    env.cr.rollback()


def test_what_was_left_of_a_deleted_mailing_is_refused_alone(env, account, post_office, general, contacts):
    """The queue is one for all e-mails: it goes on behind it."""
    mailing = make_mailing(env, contacts, account)
    values = {"email_from": account.email, "email_to": contacts[0].email, "body_html": "<p>Hola</p>"}
    server = account._find_mail_servers().id
    left = env["mail.mail"].create({**values, "mailing_id": mailing.id, "mail_server_id": server})
    mailing.unlink()
    other = env["mail.mail"].create({**values, "email_from": "laura@nordica.example"})
    env.cr.commit()
    env["mail.mail"].process_email_queue()
    env.invalidate_all()
    assert (left.state, other.state) == ("exception", "sent")
    assert "of the mailings that name it" in left.failure_reason
    assert (len(general.got), post_office.got) == (1, [])


def test_a_personal_outgoing_server_is_used_as_ever(env, account, post_office, contacts, author):
    """Odoo's own; here even for the address of the account."""
    rules = smtp_server.Rules(password="personal")
    with smtp_server.running(rules) as port:
        env["ir.mail_server"].create(
            {
                "name": author.email,
                "owner_user_id": author.id,
                "from_filter": author.email,
                "smtp_user": author.email,
                "smtp_pass": rules.password,
                "smtp_host": smtp_server.HOST,
                "smtp_port": port,
            }
        )
        env["res.users"]._gc_personal_mail_servers()
        contacts[0].with_user(author).message_post(
            body="Hola", partner_ids=contacts[0].ids, subtype_xmlid="mail.mt_comment"
        )
        env.cr.commit()
    assert (len(rules.got), post_office.got) == (1, [])
    assert account._find_mail_servers().active
