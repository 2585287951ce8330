"""A client's documents in its browser, and the firm's: drop files, read, approve, reject, sign; desktop and phone."""

import base64
import io

import pytest
from playwright.sync_api import expect
from reportlab.pdfgen.canvas import Canvas

from setup import odoo_env, paths
from tests.browser.client_pages import UPLOAD_READY

JOSE, PASSWORD = "jose.perez@perezmuller.example", "jose-of-three-accounts"
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1366, "height": 900}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# Drags files over an element, or drops them there, as from a file manager.
DRAG = """([type, selector, files]) => {
    const transfer = new DataTransfer();
    for (const [name, text] of files) {
        transfer.items.add(new File([text], name));
    }
    const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
    document.querySelector(selector).dispatchEvent(new DragEvent(type, options));
}"""


def make_pdf():
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, "Terms and conditions")
    canvas.save()
    return base64.b64encode(page.getvalue())


@pytest.fixture(scope="module")
def account(web, web_database):
    """The id of the account; José has chosen a password."""
    with odoo_env.environment(web_database) as env:
        user = env["res.users"].search([("login", "=", JOSE)])
        user.write({"password": PASSWORD, "lang": "en_US"})
        account = env.ref("escala_contact_rules.partner_llamazares")
        env.cr.commit()
        env.registry.signal_changes()
        return account.id


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def portal(browser, web, web_database, account, request):
    """A page of José's, in the account, with three documents that wait for him; pictures are kept to be looked at."""
    kind = request.node.callspec.id
    with odoo_env.environment(web_database) as env:
        values = {"content": make_pdf(), "account_id": account}
        documents = env["escala.document"].create(
            [{**values, "name": f"{what} {kind}.pdf"} for what in ("Ask", "Deny", "Sign")]
        )
        documents[:2]._ask("to_approve", "Please have a look.")
        documents[2]._ask("to_sign")
        env.cr.commit()
        ids = documents.ids
    context = browser.new_context(viewport=request.param, base_url=web)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.document_ids, page.kind = ids, kind
    page.keep = lambda name: page.screenshot(
        path=paths.local(paths.SCREENSHOTS) / f"portal_{name}_{kind}.png"
    )
    page.goto("/web/login")
    page.fill("input[name=login]", JOSE)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_response(
        "**/my/counters"
    ):  # which stores the session, and must not do so after the choice
        page.click("button[type=submit]")
    page.click(f".o_choose_account_window button[name=account_id][value='{account}']")
    page.wait_for_selector(".o_client_todos")
    yield page
    context.close()


def test_upload_read_approve_reject_and_sign(portal, web_database):
    portal.keep("documents_home")
    assert portal.locator(f".o_client_todos a:has-text('Sign {portal.kind}.pdf')").count()

    # several files at once; one is refused, and says why
    portal.goto("/my/documents")
    assert portal.evaluate(FITS)
    portal.keep("documents")
    own = f"notes {portal.kind}.txt"
    portal.wait_for_selector(UPLOAD_READY, state="attached")
    portal.evaluate(DRAG, ["drop", ".o_document_upload", [[own, "hello"], ["setup.exe", "no"]]])
    portal.wait_for_selector(".o_upload_error:has-text('program')")
    portal.keep("documents_upload")
    with portal.expect_navigation():
        portal.click(".o_document_uploads a")
    portal.wait_for_selector(UPLOAD_READY, state="attached")
    portal.set_input_files(
        UPLOAD_READY,
        {"name": f"second {portal.kind}.txt", "mimeType": "text/plain", "buffer": b"two"},
    )
    portal.wait_for_selector(f".o_client_documents a:has-text('second {portal.kind}.txt')")
    portal.click(f".o_client_documents a:has-text('{own}')")
    expect(portal.frame_locator("iframe.o_preview").locator("body")).to_have_text("hello")

    # read and approve
    ask, deny, sign = portal.document_ids
    portal.goto(f"/my/documents/{ask}")
    portal.frame_locator("iframe.o_preview").locator(".textLayer:has-text('Terms and conditions')").wait_for()
    assert portal.evaluate(FITS)
    portal.keep("document")
    with portal.expect_download() as download:
        portal.click(".o_download")
    assert download.value.suggested_filename == f"Ask {portal.kind}.pdf"
    portal.click(".o_approve")
    portal.wait_for_selector(".o_document_state:has-text('Approved')")

    # reject, with a reason
    portal.goto(f"/my/documents/{deny}")
    portal.click(".o_reject")
    portal.fill("#document_reject_reason", "The amount is wrong")
    portal.keep("document_reject")
    portal.click("#document_reject button[type=submit]")
    portal.wait_for_selector(".o_decided:has-text('The amount is wrong')")

    # sign, with Odoo's own form
    portal.goto(f"/my/documents/{sign}")
    portal.click(".o_sign")
    portal.wait_for_selector("#document_sign.show .o_web_sign_signature")
    submit = portal.locator("#document_sign .o_portal_sign_submit:enabled")
    submit.wait_for()
    portal.keep("document_sign")
    submit.click()
    portal.wait_for_selector(".o_document_state:has-text('Signed')")
    portal.keep("document_signed")
    with portal.expect_download() as download:
        portal.click(".o_download_signed")
    assert download.value.suggested_filename == f"Sign {portal.kind} (signed).pdf"
    with odoo_env.environment(web_database) as env:
        log = env["escala.document"].browse(sign).event_ids.filtered(lambda event: event.action == "signed")
        assert (log.email, log.ip_address) == (JOSE, "127.0.0.1")


def test_the_firm_drops_files_and_asks(admin_page, account):
    page = admin_page
    page.goto(f"/odoo/contacts/{account}")
    page.click("button[name=action_open_client_documents]")
    page.wait_for_selector(".o_upload_documents")
    page.set_input_files(
        ".o_control_panel input[type=file]",
        [{"name": f"Firm {n}.txt", "mimeType": "text/plain", "buffer": b"firm"} for n in (1, 2)],
    )
    page.wait_for_selector(".o_data_row:has-text('Firm 2.txt')")
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / "documents_of_the_account.png")
    page.evaluate(DRAG, ["dragenter", ".o_list_view", [["Dropped.txt", "x"]]])
    page.wait_for_selector(".o-Dropzone")
    page.evaluate(DRAG, ["drop", ".o-Dropzone", [["Dropped.txt", "x"]]])
    page.wait_for_selector(".o_data_row:has-text('Dropped.txt')")
    page.click(".o_data_row:has-text('Firm 1.txt') [name=name]")
    page.click(".o_statusbar_buttons button:has-text('Request signature')")
    page.fill(".modal [name=message] textarea", "Sign this, please.")
    page.click(".modal button[name=action_request]")
    page.wait_for_selector(".o_data_row:has-text('Signature requested')")
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / "document_form.png")


def test_the_firm_asks_for_files_into_a_folder(admin_page, account, web_database):
    page = admin_page
    with odoo_env.environment(web_database) as env:
        folder = env.ref("escala_client_portal.document_folder_llamazares_2026").id
    page.goto(f"/odoo/action-escala_client_portal.escala_document_folder_action/{folder}")
    page.click("button:has-text('Request documents')")
    page.fill(".modal [name=name] input", "Power of attorney")
    page.click(".modal footer button:has-text('Request')")
    page.wait_for_selector(".modal", state="detached")
    page.goto("/odoo/client-requests")
    page.click(".o_data_row:has-text('Power of attorney') [name=name]")
    page.wait_for_selector(".o_form_view [name=folder_id]")
    expect(page.locator("[name=folder_id] input")).to_have_value("Impuestos / 2026")
    page.click(".o_statusbar_buttons button[name=action_close]")
    page.click(".o_statusbar_buttons button[name=action_reopen]")
    page.wait_for_selector(".o_statusbar_buttons button[name=action_close]")
