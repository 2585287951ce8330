"""The main job, as a salesperson does it: open a contact, see its mail, open one with an attachment."""

import io

from pypdf import PdfReader


def open_contact(page, name):
    page.goto("/odoo/contacts")
    page.wait_for_selector(".o_list_view .o_data_row, .o_kanban_record")
    page.fill(".o_searchview_input", name)
    page.locator(f".o_searchview_autocomplete :text('{name}')").first.click()
    page.wait_for_selector(f".o_facet_value:has-text('{name}')")
    page.click(f".o_data_row td:has-text('{name}')")
    page.click(".o_notebook a[name=synced_emails]")
    page.wait_for_selector("[name=synced_email_ids] .o_data_row")


def test_salesperson_sees_the_contacts_mail_newest_first(page):
    open_contact(page, "Otto Brandt")
    subjects = page.locator("[name=synced_email_ids] .o_data_row [name=subject]").all_inner_texts()
    assert subjects[0] == "El electricista de la bodega"
    assert subjects[-1].startswith("Re: Bater")
    assert len(subjects) == 7


def test_salesperson_opens_a_mail_with_an_attachment(page):
    open_contact(page, "Ana Llamazares")
    page.click("[name=synced_email_ids] .o_data_row:has-text('Factura FV-2026-0381')")
    page.wait_for_selector(".o_dialog [name=body]:has-text('NIF')")
    with page.expect_download() as download:
        page.click(".o_dialog .o_attachment a[download], .o_dialog .o_attachment a[href*='/web/content/']")
    content = download.value.path().read_bytes()
    assert "FV-2026-0381" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_mail_of_a_company_includes_that_of_its_people(page):
    open_contact(page, "Bodegas Llamazares")
    names = page.locator("[name=synced_email_ids] .o_data_row [name=correspondent]").all_inner_texts()
    assert any("Ana Llamazares" in name for name in names)
    assert any("Otto Brandt" in name for name in names)
