"""E-mails that are written in Odoo and leave through the mailbox's own SMTP server: whom to, and what they get."""

from email import message_from_bytes
from email.policy import default

import pytest

from odoo.exceptions import UserError

from tests.sync.sending import deliver_now, draft
from tests.sync.support import (
    flags_on_server,
    raw_on_server,
)


def test_everybody_gets_it_and_nobody_sees_the_bcc(env, sender, office, dovecot, ana):
    email = draft(
        sender, to=f"Ana <{ana.email}>", cc="luis@x.example", bcc="secreto@y.example", subject="Hola"
    )
    deliver_now(email)
    assert email.state == "sent"
    [envelope] = office.got
    assert sorted(envelope.rcpt_tos) == sorted([ana.email, "luis@x.example", "secreto@y.example"])
    assert b"secreto" not in envelope.content
    message = message_from_bytes(envelope.content, policy=default)
    assert message["From"].addresses[0].addr_spec == sender.email
    assert message["Cc"] == "luis@x.example"
    own = message_from_bytes(raw_on_server(dovecot, sender.email, 1, "Sent"), policy=default)
    assert own["Bcc"] == "secreto@y.example"
    assert flags_on_server(dovecot, sender.email, "Sent") == {1: {b"\\Seen"}}


def test_pictures_in_the_text_travel_with_it(env, sender, office, ana):
    picture = (
        env["ir.attachment"]
        .with_user(sender.user_id)
        .create(
            {
                "name": "foto.png",
                "raw": b"\x89PNG foto",
                "mimetype": "image/png",
                "res_model": "escala.email.outgoing",
            }
        )
    )
    email = draft(
        sender, to=ana.email, body=f'<p>Mira <img src="/web/image/{picture.id}-0a1b/foto.png?x=1"></p>'
    )
    deliver_now(email)
    message = message_from_bytes(office.got[0].content, policy=default)
    [image] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert image.get_content() == picture.raw
    html = message.get_body(("html",)).get_content()
    assert f"cid:{image['Content-ID'][1:-1]}" in html
    assert "/web/image" not in html


def test_headers_are_one_line_each(env, sender, office, ana):
    email = draft(
        sender,
        to=f"{ana.email},\n luis@x.example",
        bcc="a@x.example,\r\n b@x.example",
        subject="Uno\nX-Dos: 2",
    )
    deliver_now(email)
    message = message_from_bytes(office.got[0].content, policy=default)
    assert (message["Subject"], message["X-Dos"]) == ("Uno X-Dos: 2", None)
    assert (email.state, email.copy_state) == ("sent", "filed")


def test_domains_with_letters_of_their_own(env, sender, office):
    email = draft(sender, to="Íñigo <ventas@ñandú.example>")
    deliver_now(email)
    message = message_from_bytes(office.got[0].content, policy=default)
    [address] = message["To"].addresses
    assert (address.display_name, address.domain) == ("Íñigo", "xn--and-6ma2c.example")


def test_what_nobody_sees_in_an_address_is_not_of_it(env, sender, office):
    email = draft(
        sender, to="Ana \u200f<ana@x.example\u200b>, \ufeffluis@x.example", cc="👩\u200d🔧 <eva@y.example>"
    )
    deliver_now(email)
    assert office.got[0].rcpt_tos == ["ana@x.example", "luis@x.example", "eva@y.example"]
    message = message_from_bytes(office.got[0].content, policy=default)
    assert message["Cc"].addresses[0].display_name == "👩\u200d🔧"


@pytest.mark.parametrize("wrong", ["", "nadie", "ana@", "Pérez, Ana <ana@x.example>", "ana@x\u2603.example"])
def test_who_gets_it_must_be_clear(env, sender, wrong):
    with pytest.raises(UserError):
        draft(sender, to=wrong).action_send()
