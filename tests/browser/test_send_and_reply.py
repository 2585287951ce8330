"""Laura writes to a customer from Odoo, the customer gets it and answers, and the answer is on the contact."""

import pytest
from playwright.sync_api import expect

from setup import customer_mail, demo_mail, oauth_server, odoo_env, paths, smtp_server

LAURA = "laura@nordica.example"
SUBJECT = "Visita del martes"


@pytest.fixture(scope="module")
def provider():
    with oauth_server.running(LAURA) as server:
        yield server


@pytest.fixture(scope="module")
def smtp(imap, provider):
    with smtp_server.running(imap, demo_mail.DOMAINS, provider.address_of) as server:
        yield server


@pytest.fixture(scope="module")
def customer(imap, smtp):
    """The page on which the customer reads and answers."""
    with customer_mail.running(imap, smtp, demo_mail.CUSTOMER) as url:
        yield url


@pytest.fixture(scope="module")
def odoo(registered, web_database):
    """Odoo and the provider know each other; Laura's pages are in English."""
    with odoo_env.environment(web_database) as env:
        env.ref("escala_mail_sync.user_laura").lang = "en_US"
        env.cr.commit()
        env.registry.signal_changes()


def test_write_to_a_customer_and_get_the_answer(page, odoo, customer):
    sign_in_with_google(page)

    open_emails_of_customer(page)
    page.click("button[name=action_compose_email]")
    page.wait_for_selector("div[name=subject] input:focus")
    page.keyboard.type(SUBJECT)
    page.locator(".odoo-editor-editable").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Buenos días, Ana: ¿le viene bien a las diez?")
    keep(page, "2_written")
    page.click("button[name=action_send]")
    page.wait_for_selector(".o_notification:has-text('Sending') button:has-text('Undo')")
    page.wait_for_selector(".o_form_view .o_escala_record_emails")  # back on the contact
    keep(page, "3_can_be_undone")
    page.wait_for_selector(".o_notification:has-text('Sent to Ana Llamazares')")
    page.wait_for_selector(f".o_escala_record_emails .o_escala_thread:has-text('{SUBJECT}')")
    keep(page, "4_sent")

    page.goto(customer)
    message = page.locator(f"article:has(h2:text-is('{SUBJECT}'))")
    expect(message).to_contain_text("¿le viene bien a las diez?")
    expect(message).to_contain_text(LAURA)
    keep(page, "5_arrived")
    message.locator("textarea").fill("Perfecto, a las diez.")
    message.locator("button").click()
    page.wait_for_load_state()

    check_now(page)
    open_emails_of_customer(page)
    row = f".o_escala_record_emails .o_escala_thread:has-text('Re: {SUBJECT}')"
    page.click(f"{row}:has-text('Perfecto, a las diez.')")
    page.wait_for_selector(f".o_escala_conversation:has-text('{SUBJECT}')")
    keep(page, "6_answer")


def test_an_email_is_undone_and_an_untouched_one_leaves_nothing(page, odoo, customer):
    open_emails_of_customer(page)
    page.click("button[name=action_compose_email]")
    page.fill("div[name=subject] input", "Demasiado pronto")
    leaving = []  # a slow network: undone before the page was left

    def hold(route):
        leaving.append(route)

    page.route("**/discard_untouched", hold, times=1)
    page.click("button[name=action_send]")
    with page.expect_response("**/action_undo"):
        page.click(".o_notification button:has-text('Undo')")
    page.wait_for_timeout(500)
    with page.expect_response("**/escala.email.outgoing/web_read"):
        leaving.pop().continue_()
    page.wait_for_selector("button[name=action_send]")
    expect(page.locator("div[name=subject] input")).to_have_value("Demasiado pronto")

    open_emails_of_customer(page)
    page.click("button[name=action_compose_email]")
    page.wait_for_url("**/escala.email.outgoing/*")
    page.go_back()
    page.wait_for_selector(".o_notebook a[name=synced_emails]")
    page.goto("/odoo/emails-outbox")
    page.wait_for_selector(".o_data_row:has-text('Demasiado pronto')")
    expect(page.locator(".o_data_row")).to_have_count(1)


def test_what_waits_for_its_time_is_undone_or_sent_now(page, odoo, web_database):
    with odoo_env.environment(web_database) as env:
        laura = env.ref("escala_mail_sync.user_laura")
        drafts = env(user=laura.id)["escala.email.outgoing"].create(
            [
                {"to": demo_mail.CUSTOMER, "subject": subject, "send_at": "2099-01-01 08:00:00"}
                for subject in ("Para deshacer", "Para hoy")
            ]
        )
        drafts.action_send()
        env.cr.commit()
    page.goto("/odoo/emails")
    page.click("[data-folder=scheduled]")
    undone, sent = (page.locator(f".o_escala_thread:has-text('{draft}')") for draft in ("deshacer", "hoy"))
    sent.hover()
    sent.locator("[name=send]").click()
    sent.wait_for(state="detached")
    undone.hover()
    undone.locator("[name=undo]").click()
    page.wait_for_selector("div[name=subject] input")
    expect(page.locator("div[name=subject] input")).to_have_value("Para deshacer")
    with odoo_env.environment(web_database) as env:
        states = env["escala.email.outgoing"].browse(drafts.ids).mapped("state")
        assert states == ["draft", "sent"]


def test_addresses_are_typed_chosen_pasted_and_removed(page, odoo):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/odoo/emails-outbox/new")
    field = page.locator("div[name=to] input")
    field.type("facturas@", delay=30)  # an alternative address
    page.wait_for_selector(".o-autocomplete--dropdown-item:has-text('facturas@llamazares.example')")
    page.keyboard.press("Enter")
    wait_for_tags(page, ["Ana Llamazares"])
    page.wait_for_selector("div[name=to] input:focus")
    page.keyboard.type("luis@x.example,")
    wait_for_tags(page, ["Ana Llamazares", "luis@x.example"])
    page.evaluate(
        "navigator.clipboard.writeText('\"Pérez, Juan\" <juan@z.example>; LUIS@x.example\\neva@y.example')"
    )
    page.keyboard.press("Control+v")
    wait_for_tags(page, ["Ana Llamazares", "luis@x.example", "Pérez, Juan", "eva@y.example"])
    page.keyboard.press("Backspace")
    page.keyboard.type("nadie")
    page.keyboard.press("Tab")
    wait_for_tags(page, ["Ana Llamazares", "luis@x.example", "Pérez, Juan", "nadie"])
    expect(page.locator("div[name=to] .o_tag_color_1")).to_have_text(["nadie"])
    expect(page.locator("div[name=cc]")).to_have_count(0)
    page.click("div[name=show_cc] button")
    page.wait_for_selector("div[name=cc] input:focus")
    page.keyboard.type("jefe@x.example")
    page.keyboard.press("Tab")
    keep(page, "7_addresses")


def test_a_typed_address_stays_whatever_is_done_next(page, odoo):
    """The list of suggestions is open, though it is empty, and closes."""
    page.goto("/odoo/emails-outbox/new")
    field = page.locator("div[name=to] input")
    for number, elsewhere in enumerate(("div[name=subject] input", "div[name=show_bcc] button"), 1):
        field.click()
        with page.expect_response("**/find_addresses"):
            page.keyboard.type(f"nadie{number}@x.example", delay=10)
        page.click(elsewhere)
        wait_for_tags(page, [f"nadie{each}@x.example" for each in range(1, number + 1)])
    page.fill("div[name=subject] input", "Sin ratón")
    field.click()
    page.keyboard.type("nadie3@x.example")
    page.keyboard.press("Control+Enter")
    page.click(".o_notification:has-text('Sending') button:has-text('Undo')")
    page.wait_for_selector("div[name=subject] input")
    wait_for_tags(page, ["nadie1@x.example", "nadie2@x.example", "nadie3@x.example"])


def test_one_text_to_several_contacts(page, odoo):
    page.goto("/odoo/contacts")
    for name in ("Ana Llamazares", "Otto Brandt"):
        page.click(f".o_data_row:has-text('{name}') .o_list_record_selector input")
    page.click(".o_control_panel button:has-text('Actions')")
    page.click(".o-dropdown-item:has-text('Send e-mail from my mailbox')")
    page.fill("div[name=subject] input, div[name=subject] textarea", "Para {{ object.name }}")
    page.click(".o_notebook a[name=preview]")
    page.wait_for_selector("[name=preview_subject]:has-text('Para ')")
    keep(page, "8_preview")
    page.click("button[name=action_send]")
    page.wait_for_selector(".o_notification:has-text('Sending')")
    keep(page, "9_to_several")
    page.click(".o_notification button:has-text('Undo')")
    page.wait_for_selector("button[name=action_send]")


def test_an_answer_is_written_and_sent_without_the_mouse(page, odoo):
    page.goto("/odoo/emails")
    page.click(".o_switch_view.o_list")
    page.click(".o_data_row:has-text('Horario del puente')")
    page.click("button[name=action_reply]")
    page.wait_for_selector(".odoo-editor-editable:focus")
    page.keyboard.type("Gracias por avisar.")
    assert page.inner_text(".odoo-editor-editable").startswith("Gracias por avisar.")
    page.keyboard.press("Control+Enter")
    page.click(".o_notification:has-text('Sending') button:has-text('Undo')")
    page.wait_for_selector(".odoo-editor-editable:has-text('Gracias por avisar.')")


def test_what_is_forwarded_begins_with_its_recipients(page, odoo):
    page.goto("/odoo/emails")
    page.click(".o_switch_view.o_list")
    page.click(".o_data_row:has-text('Horario del puente')")
    page.click("button[name=action_forward]")
    page.wait_for_selector("div[name=to] input:focus")
    page.go_back()


def sign_in_with_google(page) -> None:
    """Connect Laura's mailbox with the account at the stand-in for Google."""
    page.goto("/odoo/mailboxes")
    page.click(f".o_kanban_record:has-text('{LAURA}')")
    page.click("button[name=action_open_wizard]:visible")
    page.click(".modal button[name=action_sign_in_google]:visible")
    page.click(".modal footer button[name=action_finish]:visible")
    page.wait_for_selector("h1:has-text('Choose an account')")
    page.click("button[value=allow]")
    page.wait_for_url("**/odoo/mailboxes/*")
    page.wait_for_selector(".o_form_view .o_status_green:visible")
    keep(page, "1_connected")


def check_now(page) -> None:
    page.goto("/odoo/mailboxes")
    page.click(f".o_kanban_record:has-text('{LAURA}')")
    page.click("button[name=action_sync_now]")
    page.wait_for_selector(".o_form_view")


def open_emails_of_customer(page) -> None:
    page.goto("/odoo/contacts")
    page.fill(".o_searchview_input", "Ana Llamazares")
    page.keyboard.press("Enter")
    page.click(".o_data_row td:has-text('Ana Llamazares')")
    page.click(".o_notebook a[name=synced_emails]")
    page.wait_for_selector("button[name=action_compose_email]")


def wait_for_tags(page, expected: list[str]) -> None:
    tags = page.locator("div[name=to] .o_tag")
    page.wait_for_function(
        "expected => document.querySelectorAll('div[name=to] .o_tag').length === expected", arg=len(expected)
    )
    expect(tags).to_have_text(expected)


def keep(page, name: str) -> None:
    """Keep a screenshot for people to look at."""
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"test_send_{name}.png")
