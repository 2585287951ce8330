"""Answers and forwarded e-mails: to whom they go, what they take along, and where they belong."""

from email import message_from_bytes
from email.policy import SMTP, default
from email.utils import formataddr

from tests.sync.sending import deliver_now, draft, pictures
from tests.sync.support import (
    compose,
    deliver,
    ledger,
    sync,
)


def test_an_answer_belongs_to_the_conversation_and_completes_the_activity(env, sender, office, dovecot, ana):
    question = compose(
        ana.email, "¿Precio?", To=sender.email, Message_ID="<uno@x.example>", References="<cero@x.example>"
    )
    deliver(dovecot, sender.email, [question])
    sync(sender)
    asked = ledger(sender).email_id
    assert env["mail.activity"].search_count([("escala_email_id", "=", asked.id)]) == 1
    action = asked.with_user(sender.user_id).action_reply()
    answer = env["escala.email.outgoing"].browse(action["res_id"])
    assert (answer.mailbox_id, answer.subject) == (sender, "Re: ¿Precio?")
    assert "¿cuánto cuesta una instalación?" in answer.body
    deliver_now(answer)
    message = message_from_bytes(office.got[0].content, policy=default)
    assert message["In-Reply-To"] == "<uno@x.example>"
    assert message["References"] == "<cero@x.example> <uno@x.example>"
    assert office.got[0].rcpt_tos == [ana.email]
    assert answer.email_id.thread_id == asked.thread_id
    assert not env["mail.activity"].search_count([("escala_email_id", "=", asked.id)])


def test_reply_all_goes_to_everybody_but_oneself(env, sender, office, dovecot, ana):
    question = compose(
        f'"Pérez, Ana" <{ana.email}>',
        "Reunión",
        To=f"Laura <{sender.email}>, Luis <luis@x.example>",
        Cc="Eva <eva@y.example>",
        Reply_To="oficina@llamazares.example",
    )
    deliver(dovecot, sender.email, [question])
    sync(sender)
    action = ledger(sender).email_id.with_user(sender.user_id).action_reply_all()
    answer = env["escala.email.outgoing"].browse(action["res_id"])
    assert answer._get_recipients() == ["oficina@llamazares.example", "luis@x.example", "eva@y.example"]
    assert answer.cc == "eva@y.example"


def test_a_forwarded_email_takes_its_files_along(env, sender, office, dovecot, ana):
    files = [("plano.pdf", "application/pdf", b"%PDF-1.4 plano")]
    deliver(dovecot, sender.email, [compose(ana.email, "Plano", attachments=files)])
    sync(sender)
    action = ledger(sender).email_id.with_user(sender.user_id).action_forward()
    forwarded = env["escala.email.outgoing"].browse(action["res_id"])
    forwarded.with_user(sender.user_id).to = "obra@z.example"
    deliver_now(forwarded)
    message = message_from_bytes(office.got[0].content, policy=default)
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("plano.pdf", b"%PDF-1.4 plano")
    assert "¿cuánto cuesta" in message.get_body(("html",)).get_content()
    assert not message["In-Reply-To"]


def test_an_answer_to_a_colleague_goes_to_the_colleague(env, sender, office, ana):
    """What a colleague sent is "sent" in the colleague's mailbox only."""
    marcos = env.ref("escala_mail_sync.user_marcos")
    email = draft(sender, to=f"{ana.email}, {marcos.email}", cc="eva@y.example")
    deliver_now(email)
    email.email_id.sudo().shared_by_mailbox_ids = sender
    theirs = email.email_id.with_user(marcos)
    answer = env["escala.email.outgoing"].browse(theirs.action_reply()["res_id"])
    assert answer._get_recipients() == [sender.email]
    own = env["escala.email.outgoing"].browse(email.email_id.action_reply_all()["res_id"])
    assert own._get_recipients() == [ana.email, marcos.email, "eva@y.example"]


def test_a_stranger_gets_no_picture_out_of_odoo_by_being_quoted(env, sender, office, dovecot, ana):
    """Whoever answers may read it, and the stranger may not: a number is easily guessed."""
    secret = (
        env["ir.attachment"]
        .with_user(sender.user_id)
        .create(
            {
                "name": "nomina.png",
                "raw": b"\x89PNG secreto",
                "mimetype": "image/png",
                "res_model": "res.partner",
                "res_id": ana.id,
            }
        )
    )
    url = f"/web/image/{secret.id}"
    letters = [
        compose(ana.email, "Foto", html=f'<p>Hola <img src="{url}"/> <img src="{url}?a=1"/></p>'),
        compose(ana.email, "Dos", html=f'<p>Hola (src="{url}")</p>'),
        compose(ana.email, "Tres", text=f'Hola (src="{url}")'),
        compose(ana.email, "Cuatro", html=f"""<img alt="(src='{url}'">"""),
        compose(ana.email, "Cinco", html=f"""<a href="http://x.example/?(src='{url}')">x</a>"""),
        compose(formataddr((f'src="{url}"', ana.email)), "Seis"),
        compose(ana.email, f'Siete src="{url}"'),
        compose(ana.email, "Ocho", html=f"""<img alt=" src='"><p>' "src="{url}" x="</p>"""),
    ]
    deliver(dovecot, sender.email, letters)
    sync(sender)
    emails = ledger(sender).email_id.with_user(sender.user_id)
    answers = env["escala.email.outgoing"]
    for email in emails:
        for action in (email.action_reply(), email.action_forward()):
            answers |= answers.browse(action["res_id"])
    answers.with_user(sender.user_id).to = ana.email
    deliver_now(*answers)
    assert len(office.got) == 2 * len(letters)
    for letter in office.got:
        message = message_from_bytes(letter.content, policy=default)
        images = [part for part in message.walk() if part.get_content_maintype() == "image"]
        assert not images, message["Subject"]


def test_pictures_of_the_email_that_is_quoted_travel_on(env, sender, office, dovecot, ana):
    letter = message_from_bytes(
        compose(ana.email, "Foto", html='<p>Mira <img src="cid:uno@x"></p>'), policy=SMTP
    )
    letter.get_body(("html",)).add_related(
        b"\x89PNG foto", "image", "png", cid="<uno@x>", filename="foto.png"
    )
    deliver(dovecot, sender.email, [letter.as_bytes()])
    sync(sender)
    email = ledger(sender).email_id.with_user(sender.user_id)
    answers = env["escala.email.outgoing"]
    for action in (email.action_reply(), email.action_forward()):
        answers |= answers.browse(action["res_id"])
    answers |= answers.browse(answers[1].with_user(sender.user_id).action_edit_again()["res_id"])
    answers.with_user(sender.user_id).to = ana.email
    deliver_now(*answers)
    assert len(office.got) == 3
    for got in office.got:
        assert pictures(got) == [b"\x89PNG foto"]
