"""The rules for contacts where a person meets them: in the form, in a field, in lists, in the bin."""

import pytest
from playwright.sync_api import expect

from setup import paths

OPEN = ".modal-footer .btn-primary, .modal-footer button:has-text('Open'), .modal-footer button:has-text('Abrir')"


def open_contact(page, text):
    """Find a contact by the search box and open it."""
    search(page, text)
    page.click(".o_data_row td.o_data_cell[name=complete_name]")
    page.wait_for_selector(".o_form_view .o_field_widget[name=email] input")


def search(page, text):
    page.goto("/odoo/contacts?view_type=list")
    rows = page.locator(".o_data_row")
    rows.first.wait_for()
    everybody = rows.count()
    page.fill(".o_searchview_input", text)
    page.wait_for_selector(".o_searchview_autocomplete .o-dropdown-item")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o_searchview_facet")
    expect(rows).not_to_have_count(everybody)


def names(page):
    return page.locator(".o_data_row td[name=complete_name]").all_inner_texts()


def save(page):
    page.click(".o_form_button_save")


def fill_new_contact(page, name, **values):
    page.goto("/odoo/contacts/new")
    page.wait_for_selector(".o_form_view")
    page.locator(
        ".o_field_widget[name=name] textarea:visible, .o_field_widget[name=name] input:visible"
    ).first.fill(name)
    for field, value in values.items():
        page.fill(f".o_field_widget[name={field}] input", value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", " Ana@LLAMAZARES.example "),
        ("phone", "+34 600-12 34 56"),
        ("email", "ana.llamazares@correo.example"),
    ],
    ids=["e-mail", "phone", "alternative"],
)
def test_a_duplicate_entered_by_hand_is_refused_and_the_other_one_opens(page, field, value):
    fill_new_contact(page, "Otra Ana", **{field: value})
    save(page)
    dialog = page.locator(".modal")
    expect(dialog).to_contain_text("Ana Llamazares")
    page.click(OPEN)
    found = page.locator(".o_dialog .o_form_view .o_field_widget[name=email] input")
    found.wait_for()
    expect(found).to_have_value("ana@llamazares.example")
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / "duplicate_opened.png")
    page.click(".o_dialog .btn-close, .o_dialog .o_form_button_cancel")
    assert page.locator(
        f".o_field_widget[name={field}] input"
    ).first.input_value()  # what was typed is still there
    page.console_errors.clear()  # the refusal is one


def test_a_duplicate_entered_in_a_field_is_refused(page):
    page.goto("/odoo/crm/new")
    page.wait_for_selector(".o_form_view .o_field_widget[name=partner_id] input")
    page.fill(".o_field_widget[name=partner_id] input", "Ana Otra <ana@llamazares.example>")
    page.click(".o-autocomplete--dropdown-item.o_m2o_dropdown_option_create, .o_m2o_dropdown_option_create")
    dialog = page.locator(".modal")
    expect(dialog).to_contain_text("Ana Llamazares")
    page.console_errors.clear()


def test_a_contact_is_found_by_any_address_in_part(page):
    for text in ("llamazares@correo", "611-22 33", "0034600123456"):
        search(page, text)
        assert [name for name in names(page) if "Ana Llamazares" in name], text


def test_a_primary_that_is_replaced_is_kept_and_another_made_primary(page):
    open_contact(page, "olivia@greenfield")
    page.fill(".o_field_widget[name=email] input", "olivia.hart@greenfield.example")
    page.keyboard.press("Tab")
    offer = page.locator("div.small[name=keep_previous_email]:visible")
    expect(offer).to_contain_text("olivia@greenfield.example")
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / "offer_to_keep.png")
    save(page)
    page.click(".o_notebook a[name=alternative_addresses]")
    page.wait_for_selector(
        ".o_field_widget[name=alternative_email_ids] tr:has-text('olivia@greenfield.example')"
    )
    alternative = page.locator("[name=alternative_email_ids] tr:has-text('olivia@greenfield.example')")
    alternative.locator("button[name=action_make_primary]").click()
    page.wait_for_function(
        "document.querySelector('.o_field_widget[name=email] input')?.value == 'olivia@greenfield.example'"
    )
    rows = page.locator(".o_field_widget[name=alternative_email_ids] .o_data_row")
    expect(rows.filter(has_text="olivia.hart@greenfield.example")).to_have_count(1)
