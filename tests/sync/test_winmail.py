"""What Outlook packs into winmail.dat is there like any other text and file."""

import base64

from tests.pure import tnef_writer as writer
from tests.sync.support import assert_sound, deliver, ledger, sync

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
CARD = b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Tania\r\nEMAIL:tania@tnef.example\r\nEND:VCARD\r\n"


def test_winmail_dat_is_unpacked(env, mailbox, dovecot, login):
    packed = writer.tnef(
        writer.message(
            writer.long(writer.INTERNET_CODEPAGE, 65001),
            writer.variable(
                writer.BINARY, writer.BODY_HTML, b'<p>Plano de la nave<img src="cid:plan@x"></p>'
            ),
        ),
        writer.file(PNG, "plano.png", writer.text(writer.CONTENT_ID, "plan@x")),
        writer.file(CARD, "Tania.vcf"),
        writer.file(b"%PDF-1.4 \0\0", "oferta.pdf"),
    )
    raw = (
        b"From: ana@llamazares.example\r\nTo: laura@nordica.example\r\nSubject: Plano\r\n"
        b"Date: Mon, 05 Oct 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    ) + base64.encodebytes(packed).replace(b"\n", b"\r\n")
    deliver(dovecot, login, [raw])
    sync(mailbox)
    (email,) = ledger(mailbox).email_id
    files = {attachment.name: attachment.raw for attachment in email.attachment_ids}
    assert files == {"plano.png": PNG, "Tania.vcf": CARD, "oferta.pdf": b"%PDF-1.4 \0\0"}
    image = email.attachment_ids.filtered_domain([("name", "=", "plano.png")])
    assert f'src="/web/image/{image.id}"' in email.body
    assert email.snippet == "Plano de la nave"
    assert env["res.partner"].search([("email_normalized", "=", "tania@tnef.example")]).name == "Tania"
    assert_sound(mailbox)
