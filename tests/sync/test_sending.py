"""E-mails that are written in Odoo and leave through the mailbox's own SMTP server: whom to, and what they get."""

from email import message_from_bytes
from email.policy import default

import pytest

from odoo.exceptions import UserError

from tests.sync.sending import deliver_now, draft, pictures
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
    """The editor gives the access token; what has been uploaded, or is public, needs none."""
    author = sender.user_id
    model = {"name": "foto.png", "mimetype": "image/png", "res_model": "escala.email.outgoing"}
    files = env["ir.attachment"].with_user(author)
    edited, public = files.create(
        [{**model, "raw": b"\x89PNG uno"}, {**model, "raw": b"\x89PNG dos", "public": True}]
    )
    [token] = edited.generate_access_token()
    email = draft(sender, to=ana.email)
    hung = files.create({**model, "raw": b"\x89PNG tres", "res_id": email.id})
    signed = files.create({**model, "raw": b"\x89PNG cuatro", "res_model": "res.users", "res_id": author.id})
    email.body = f"""<p>Mira <img src="/web/image/{edited.id}-0a1b/foto.png?access_token={token}">
        <img src="/web/image/{public.id}"> <img src="{email.get_base_url()}/web/image/{hung.id}?x=1">
        <img src="/web/image/{signed.id}"></p>"""
    deliver_now(email)
    assert pictures(office.got[0]) == [file.raw for file in (edited, public, hung, signed)]


def test_pictures_of_a_template_and_of_what_goes_to_several_travel_with_it(env, sender, office, ana):
    model = env.ref("base.model_res_partner")
    template = env["mail.template"].create({"name": "Oferta", "subject": "Oferta", "model_id": model.id})
    values = {"mailbox_id": sender.id, "model": "res.partner", "res_ids": ana.ids, "subject": "Oferta"}
    mailings = env["escala.email.mailing"].with_user(sender.user_id)
    own = mailings.create(values)
    image = {"name": "a.png", "raw": b"\x89PNG uno", "mimetype": "image/png"}
    of_template, of_mailing = env["ir.attachment"].create(
        [{**image, "res_model": each._name, "res_id": each.id} for each in (template, own)]
    )
    template.body_html = f'<p>Mira <img src="/web/image/{of_template.id}"></p>'
    own.body = f'<p>Mira <img src="/web/image/{of_mailing.id}"></p>'
    from_template = mailings.create({**values, "template_id": template.id})
    (own | from_template).mapped(lambda mailing: mailing.action_send())
    single = draft(sender, to=ana.email, template_id=template.id, body=template.body_html)
    deliver_now(*own.email_ids, *from_template.email_ids, single)
    assert [pictures(each) for each in office.got] == [[image["raw"]]] * 3


def test_no_other_file_of_odoo_does(env, sender, office, ana):
    author = sender.user_id
    other = draft(sender, to=ana.email)
    model = {"name": "foto.png", "mimetype": "image/png", "raw": b"\x89PNG foto"}
    files = (
        env["ir.attachment"]
        .with_user(author)
        .create(
            [
                {**model, "res_model": other._name, "res_id": other.id},
                {**model, "res_model": other._name},
                {**model, "res_model": "res.partner", "res_id": ana.id},
                model,
            ]
        )
    )
    files.generate_access_token()
    body = "".join(f'<img src="/web/image/{file.id}?access_token=x">' for file in files)
    numbers = ("2147483648", "9" * 10, "1" * 5000)
    body += "".join(f'<img src="/web/image/{number}">' for number in numbers)
    email = draft(sender, to=ana.email, body=f"<p>Mira {body}</p>")
    deliver_now(email)
    assert email.state == "sent"
    message = message_from_bytes(office.got[0].content, policy=default)
    assert not [part for part in message.walk() if part.get_content_maintype() == "image"]


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
