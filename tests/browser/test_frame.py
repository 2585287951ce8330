"""What an e-mail may do in the browser: neither run scripts nor tell anybody that it is read."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from setup import odoo_env
from tests.waiting import wait_until

SUBJECT = "Presupuesto para garaje"
#: Each asks for something in another way; the name of the file tells which.
WAYS = """
<p>Ofertas de la semana <a href="{spy}/link">aquí</a>, <a href="mailto:otto@brandt.example?subject=Oferta">aquí</a>
y <a href="javascript:parent.hacked=1" id="js">aquí</a></p>
<img src="{spy}/img.png"><img srcset="{spy}/srcset.png 1x">
<picture><source srcset="{spy}/source.png"><img src="{spy}/i.png"></picture>
<table background="{spy}/background.png"><tr><td style="background-image:url({spy}/style.png)">x</td></tr></table>
<ul style="list-style-image:url('{spy}/list.png')"><li>x</li></ul>
<style>@import "{spy}/import.css"; body {{ background: url({spy}/sheet.png); }}
@font-face {{ font-family: f; src: url({spy}/font.woff); }} p {{ font-family: f; }}</style>
<link rel="stylesheet" href="{spy}/sheet.css"><link rel="prefetch" href="{spy}/prefetch">
<link rel="preload" as="image" href="{spy}/preload.png">
<link rel="icon" href="{spy}/icon.png"><meta http-equiv="refresh" content="0; url={spy}/refresh"><base href="{spy}/">
<video poster="{spy}/poster.png" src="{spy}/video.mp4" autoplay></video><audio src="{spy}/audio.mp3" autoplay></audio>
<svg width="9" height="9"><image href="{spy}/svg.png" width="9" height="9"/><use href="{spy}/use.svg#a"/></svg>
<iframe src="{spy}/iframe"></iframe><object data="{spy}/object"></object><embed src="{spy}/embed">
<form action="{spy}/form" id="form"><input type="image" src="{spy}/input.png">
<input autofocus onfocus="this.form.submit()"></form>
<script>parent.hacked = 1; fetch("{spy}/script")</script><img src="data:," onerror="parent.hacked=1">
<math><mi xlink:href="{spy}/math">x</mi></math><img src="/web/session/logout">
"""


@pytest.fixture
def spy():
    """A web server of the sender's, which notes what is asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>here</p>")

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hostile(web, web_database, spy):
    """An e-mail whose body is as its sender wrote it: Odoo's cleaning is not what is tested here."""
    address = f"http://127.0.0.1:{spy.server_port}"
    with odoo_env.environment(web_database) as env:
        email = env["escala.email"].search([("subject", "=", SUBJECT)])
        env.cr.execute(
            "UPDATE mail_message SET body = %s WHERE id = %s",
            [WAYS.format(spy=address), email.mail_message_id.id],
        )
        env.cr.commit()
        return email.id


def open_email(page, email_id):
    page.goto("/odoo/emails")
    page.wait_for_selector(".o_escala_thread")
    page.click("[data-folder=all]")
    page.wait_for_selector(".o_escala_thread[data-id]")
    page.locator(".o_searchview_input").press_sequentially("garaje", delay=20)
    page.locator(".o_searchview_autocomplete .o-dropdown-item").first.click()
    page.wait_for_selector(".o_facet_value")
    page.click(f".o_escala_thread:has-text('{SUBJECT}') .o_escala_thread_open")
    page.wait_for_selector(".o_escala_frame")
    body = page.frame_locator(".o_escala_frame").last
    body.locator("text=Ofertas de la semana").wait_for()
    return body


def test_nobody_is_told_until_images_are_asked_for(page, web, spy, hostile):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    body = open_email(page, hostile)
    page.wait_for_timeout(2000)
    assert spy.asked == []
    page.click(".o_escala_images_blocked button:has-text('Mostrar imágenes')")
    wait_until(lambda: {"/img.png", "/style.png"} <= set(spy.asked))
    page.wait_for_timeout(2000)
    others = {
        "/refresh",
        "/iframe",
        "/form",
        "/script",
        "/import.css",
        "/sheet.css",
        "/prefetch",
        "/font.woff",
    }
    others |= {
        "/object",
        "/embed",
        "/video.mp4",
        "/audio.mp3",
        "/use.svg",
        "/link",
        "/preload.png",
        "/icon.png",
    }
    assert not others & set(spy.asked)
    assert not [url for url in requests if "/web/session/logout" in url]
    assert page.evaluate("window.hacked") is None
    assert body.locator("#js").get_attribute("href") is None
    page.console_errors.clear()  # what is blocked still


def test_the_frame_runs_no_script_and_blocks_what_its_cleaning_would_miss(page, web, spy, hostile):
    """The sandbox and the policy hold by themselves: the same body put into the frame as it is."""
    body = open_email(page, hostile)
    frame = page.locator(".o_escala_frame").last
    assert frame.get_attribute("sandbox").split() == [
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-same-origin",
    ]
    page.evaluate(
        """([frame, html]) => {
            const head = frame.contentDocument.head.innerHTML;
            frame.srcdoc = `<!DOCTYPE html><html><head>${head}</head><body>${html}<p>otra vez</p></body></html>`;
        }""",
        [
            frame.element_handle(),
            WAYS.format(spy=f"http://127.0.0.1:{spy.server_port}").replace("refresh", "x-x"),
        ],
    )
    body.locator("text=otra vez").wait_for()
    page.wait_for_timeout(1500)
    assert spy.asked == []
    assert page.evaluate("window.hacked") is None
    page.console_errors.clear()  # what was blocked is told there


def test_images_are_shown_for_a_sender_until_they_are_not(page, web, spy, hostile):
    open_email(page, hostile)
    page.click(".o_escala_images_blocked button:has-text('Siempre con este remitente')")
    wait_until(lambda: "/img.png" in spy.asked)
    page.goto("/odoo/contacts")
    spy.asked.clear()
    open_email(page, hostile)
    wait_until(lambda: "/img.png" in spy.asked)
    expect(page.locator(".o_escala_images_blocked")).to_have_count(0)
    page.click(".o_escala_options_toggle >> nth=-1")
    page.click("[data-option=distrust]")
    page.wait_for_selector(".o_escala_images_blocked")
    spy.asked.clear()
    open_email(page, hostile)
    page.wait_for_timeout(1500)
    assert spy.asked == []
    page.console_errors.clear()


def test_links_open_elsewhere_and_mail_links_here(page, web, spy, hostile):
    body = open_email(page, hostile)
    with page.context.expect_page() as opened:
        body.locator("a[href$='/link']").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith("/link")
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""
    opened.value.close()
    body.locator("a[href^='mailto:']").click()
    page.wait_for_selector("div[name=to] .o_tag:has-text('otto@brandt.example')")
    expect(page.locator("div[name=subject] input")).to_have_value("Oferta")
    page.console_errors.clear()
