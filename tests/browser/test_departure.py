"""Somebody leaves: a manager finds the mailbox stopped, hands it over, disconnects it, and sees the log."""

import pytest

from setup import odoo_env, paths


@pytest.fixture
def shot(request):
    """Keep a picture of a step for people to look at."""

    def take(page, step):
        folder = paths.local(paths.SCREENSHOTS)
        page.screenshot(path=folder / f"departure-{step}.png")

    return take


def open_mailbox(page, address):
    page.goto("/odoo/mailboxes")
    page.click(f".o_kanban_record:has-text('{address}')")
    page.wait_for_selector(".o_form_view")


def choose(page, field, name):
    page.locator(f".modal [name={field}] input").press_sequentially(name)
    page.click(f".o-autocomplete--dropdown-item:has-text('{name}')")


def test_a_manager_hands_over_the_mailbox_of_somebody_who_left(admin_page, web_database, shot):
    page = admin_page
    with odoo_env.environment(web_database) as env:
        env.ref("escala_mail_sync.user_laura").action_archive()
        env.cr.commit()
    open_mailbox(page, "laura@nordica.example")
    page.wait_for_selector(".alert:has-text('Its owner has left')")
    shot(page, "1-left")
    page.click("button[name=action_ask_hand_over]")
    choose(page, "user_id", "Marcos Ruiz")
    page.wait_for_selector(".modal .alert:has-text('password of their own')")
    shot(page, "2-hand-over")
    page.click(".modal button[name=action_hand_over]")
    page.wait_for_selector(".modal", state="detached")
    page.wait_for_selector("[name=user_id]:has-text('Marcos Ruiz'), [name=user_id] input")
    page.wait_for_selector("button[name=action_ask_hand_over]", state="hidden")
    shot(page, "3-handed-over")


def test_disconnecting_asks_what_becomes_of_the_mail(admin_page, shot):
    page = admin_page
    open_mailbox(page, "ventas@nordica.example")
    page.click("button[name=action_ask_disconnect]")
    page.wait_for_selector(".modal [name=email_count]")
    shot(page, "4-disconnect")
    page.click(".modal label:has-text('Remove them from Odoo')")
    page.wait_for_selector(".modal .alert:has-text('cannot be undone')")
    shot(page, "5-remove")
    page.click(".modal button:has-text('Disconnect and remove')")
    page.wait_for_selector(".modal", state="detached")
    page.wait_for_selector("button[name=action_ask_disconnect]", state="hidden")
    page.goto("/odoo/action-escala_mail_sync.escala_mailbox_log_action")
    page.wait_for_selector(".o_data_row:has-text('ventas@nordica.example'):has-text('e-mails removed')")
    page.wait_for_selector(".o_data_row:has-text('laura@nordica.example'):has-text('Handed over')")
    shot(page, "6-log")
    page.goto("/odoo/settings#escala_mail_sync")
    page.wait_for_selector("#mailbox_allow_private_hosts")
    shot(page, "7-settings")
