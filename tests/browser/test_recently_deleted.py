"""Deleting a contact says where it goes, and it comes back from there."""

from playwright.sync_api import expect

from setup import paths

DIALOG = ".modal-content:has-text('Recently deleted'):has-text('30 days')"


def choose_delete(page):
    page.click(".o_control_panel .o_cp_action_menus button:has(.fa-cog)")
    page.click(".o-dropdown--menu .o_menu_item:has-text('Delete')")


def test_form_says_that_the_contact_can_be_restored(admin_page):
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_data_row td:has-text('Otto Brandt')")
    admin_page.wait_for_selector(".o_form_view")
    choose_delete(admin_page)
    admin_page.wait_for_selector(DIALOG)


def test_list_says_that_the_contact_can_be_restored(admin_page):
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_data_row:has-text('Otto Brandt') .o_list_record_selector input")
    choose_delete(admin_page)
    admin_page.wait_for_selector(DIALOG)
    admin_page.click(".o_dialog button:has-text('Delete')")
    admin_page.wait_for_selector(".o_notification:has-text('Otto Brandt')")
    admin_page.goto("/odoo/recently-deleted")
    admin_page.click(".o_data_row:has-text('Otto Brandt') button[name=action_restore]")
    admin_page.wait_for_selector(".o_notification:has-text('Restored')")


def test_a_deleted_contact_can_be_opened_and_restored_there(admin_page):
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_data_row:has-text('Carmen Vidal') .o_list_record_selector input")
    choose_delete(admin_page)
    admin_page.click(".o_dialog button:has-text('Delete')")
    admin_page.wait_for_selector(".o_notification:has-text('Carmen Vidal')")
    admin_page.goto("/odoo/recently-deleted")
    admin_page.wait_for_selector(".o_data_row:has-text('Carmen Vidal')")
    admin_page.screenshot(path=paths.local(paths.SCREENSHOTS) / "recently_deleted.png")
    admin_page.click(".o_data_row:has-text('Carmen Vidal') td[name=complete_name]")
    admin_page.wait_for_selector(".alert:has-text('It can be restored')")
    admin_page.screenshot(path=paths.local(paths.SCREENSHOTS) / "recently_deleted_form.png")
    admin_page.click(".alert button[name=action_restore]")
    admin_page.wait_for_selector(".o_notification:has-text('Restored')")
    admin_page.wait_for_selector(".alert button[name=action_restore]", state="detached")


def test_the_people_of_a_deleted_company_can_be_opened(admin_page):
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_data_row:has(td:text-is('Talleres Ibarra')) .o_list_record_selector input")
    choose_delete(admin_page)
    admin_page.click(".o_dialog button:has-text('Delete')")
    admin_page.wait_for_selector(".o_notification:has-text('Talleres Ibarra')")
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_data_row:has-text('Iker Ibarra') td[name=complete_name]")
    admin_page.wait_for_selector(".o_form_view .o_field_widget[name=email] input")
    expect(admin_page.locator(".modal")).to_have_count(0)


def test_other_records_are_gone_forever_as_ever(admin_page):
    admin_page.goto("/odoo/action-base.action_partner_category_form")
    admin_page.click(".o_data_row .o_list_record_selector input >> nth=0")
    choose_delete(admin_page)
    admin_page.wait_for_selector(".modal-content:has-text('gone forever')")
