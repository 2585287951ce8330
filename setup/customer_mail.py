"""The mailbox of a customer on a loopback page: somebody outside Odoo, who reads what was sent and answers it."""

import contextlib
import html
import re
import smtplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate, make_msgid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from setup.dovecot import Dovecot
from setup.smtp_server import SmtpServer

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Mailbox of {address}</title>
<body style="font: 16px sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem">
<p style="background: #fc3; padding: .5rem"><b>A stand-in for tests and demo:</b> what a customer sees outside
Odoo. Reload to look for new mail.</p>
<h1>{address}</h1>
{messages}
</body></html>
"""
MESSAGE = """<article style="border: 1px solid #ccc; margin: 1rem 0; padding: .5rem 1rem">
<h2>{subject}</h2>
<p>From {sender}, to {recipients}</p>
<pre style="white-space: pre-wrap; font: inherit">{text}</pre>
<form method="post">
<input type="hidden" name="uid" value="{uid}">
<textarea name="text" rows="3" style="width: 100%" placeholder="Answer"></textarea>
<button>Reply</button>
</form>
</article>
"""
TAG = re.compile(r"<[^>]+>")


@dataclass
class CustomerMailbox:
    """Reads over IMAP and sends over SMTP, as any mail client does."""

    dovecot: Dovecot
    smtp: SmtpServer
    address: str

    def messages(self) -> dict[int, EmailMessage]:
        """Return what is in the INBOX by UID, newest first."""
        with self.dovecot.connect(self.address) as client:
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return {
            uid: message_from_bytes(found[uid][b"BODY[]"], policy=default)
            for uid in sorted(found, reverse=True)
        }

    def reply(self, uid: int, text: str) -> None:
        """Answer a message to whoever sent it (RFC 5322, section 3.6.4)."""
        answered = self.messages()[uid]
        answer = EmailMessage(policy=default)
        answer["From"] = self.address
        answer["To"] = str(answered["Reply-To"] or answered["From"])
        answer["Subject"] = f"Re: {answered['Subject']}"
        answer["Date"] = formatdate(localtime=True)
        answer["Message-ID"] = make_msgid(domain=self.address.rpartition("@")[2])
        answer["In-Reply-To"] = answered["Message-ID"]
        answer["References"] = f"{answered['References'] or ''} {answered['Message-ID']}".strip()
        answer.set_content(text)
        with smtplib.SMTP(self.smtp.host, self.smtp.port) as client:
            client.login(self.address, self.dovecot.password)
            client.send_message(answer)

    def page(self) -> str:
        """Return the page with everything in the mailbox."""
        messages = "".join(
            MESSAGE.format(
                uid=uid,
                subject=html.escape(str(message["Subject"])),
                sender=html.escape(str(message["From"])),
                recipients=html.escape(str(message["To"])),
                text=html.escape(_text(message)),
            )
            for uid, message in self.messages().items()
        )
        return PAGE.format(address=html.escape(self.address), messages=messages or "<p>No mail yet.</p>")


@contextlib.contextmanager
def running(dovecot: Dovecot, smtp: SmtpServer, address: str) -> Iterator[str]:
    """Give the address of the page for the length of the block."""
    dovecot.create_user(address)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.mailbox = CustomerMailbox(dovecot, smtp, address)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Show the mailbox."""
        content = self.server.mailbox.page().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        """Send an answer, and show the mailbox again."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.mailbox.reply(int(form["uid"][0]), form.get("text", [""])[0])
        self.send_response(303)
        self.send_header("Location", "/")
        self.end_headers()

    def log_message(self, *_arguments) -> None:
        """Say nothing about requests."""


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    content = body.get_content() if body else ""
    is_html = bool(body) and body.get_content_subtype() == "html"
    return html.unescape(TAG.sub("", content)).strip() if is_html else content.strip()
