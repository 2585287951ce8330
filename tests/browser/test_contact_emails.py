"""The main job, as a salesperson does it: open a contact, see its mail, open one, find it in the chatter."""

import io

from playwright.sync_api import expect
from pypdf import PdfReader

ROWS = ".o_escala_record_emails .o_escala_thread"
CHATTER = ".o-mail-Chatter"


def open_contact(page, name):
    page.goto("/odoo/contacts")
    page.wait_for_selector(".o_list_view .o_data_row, .o_kanban_record")
    page.fill(".o_searchview_input", name)
    page.locator(f".o_searchview_autocomplete :text('{name}')").first.click()
    page.wait_for_selector(f".o_facet_value:has-text('{name}')")
    page.click(f".o_data_row td:has-text('{name}')")
    page.click(".o_notebook a[name=synced_emails]")
    page.wait_for_selector(ROWS)


def test_salesperson_sees_the_contacts_mail_newest_first(page):
    open_contact(page, "Otto Brandt")
    rows = page.locator(ROWS).all_inner_texts()
    assert "El electricista de la bodega" in rows[0]
    assert "Bater" in rows[-1]


def test_mail_of_a_company_includes_that_of_its_people(page):
    open_contact(page, "Bodegas Llamazares")
    rows = page.locator(ROWS).all_inner_texts()
    assert any("Ana Llamazares" in row for row in rows)
    assert any("Otto Brandt" in row for row in rows)


def test_a_conversation_opens_in_the_workspace(page):
    open_contact(page, "Ana Llamazares")
    page.click(f"{ROWS}:has-text('Factura FV-2026-0381')")
    page.wait_for_selector(".o_escala_conversation:has-text('Factura FV-2026-0381')")


def test_the_button_opens_the_mail_of_the_contact_alone_also_after_reloading(page):
    open_contact(page, "Ana Llamazares")
    button = page.locator(".oe_stat_button:has(.fa-envelope)")
    assert int(button.locator(".o_stat_value").inner_text()) == 14
    button.click()
    page.wait_for_selector(".o_escala_workspace .o_escala_thread")
    shown = page.locator(".o_escala_thread").count()
    assert 0 < shown <= 14
    expect(page.locator(".o_escala_sidebar")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".o_escala_workspace .o_escala_thread")
    expect(page.locator(".o_escala_thread")).to_have_count(shown)
    page.click(".o_escala_compose")
    page.wait_for_selector("div[name=to] .o_tag:has-text('Ana Llamazares')")


def test_an_email_in_the_chatter_says_who_where_and_opens_its_thread(page):
    open_contact(page, "Ana Llamazares")
    message = page.locator(f"{CHATTER} .o-mail-Message:has-text('Factura FV-2026-0381')").first
    expect(message).to_contain_text("Administración Llamazares")
    expect(message.locator(".o_escala_email_mark")).to_contain_text("ventas@nordica.example")
    with page.expect_download() as download:
        message.locator(".o-mail-AttachmentContainer").hover()
        message.locator(".o-mail-AttachmentContainer button:has(.fa-download)").click()
    content = download.value.path().read_bytes()
    assert "FV-2026-0381" in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    message.locator(".o_escala_open_thread").click()
    page.wait_for_selector(".o_escala_conversation:has-text('Factura FV-2026-0381')")


def test_what_is_to_be_answered_in_private_is_done_on_the_contact(page):
    open_contact(page, "Iker Ibarra")
    asked = page.locator(f"{CHATTER} .o_escala_emails_to_answer li")
    asked.first.wait_for()
    before = asked.count()
    asked.first.locator("button").last.click()
    page.wait_for_function(
        "count => document.querySelectorAll('.o_escala_emails_to_answer li').length === count", arg=before - 1
    )


def test_on_a_telephone_the_thread_opens_in_the_workspace_too(page):
    open_contact(page, "Ana Llamazares")
    page.set_viewport_size({"width": 375, "height": 800})
    page.reload()
    page.locator(f"{CHATTER} .o_escala_open_thread").first.click()
    page.wait_for_selector(".o_escala_conversation:has-text('Limpieza de las placas')")
