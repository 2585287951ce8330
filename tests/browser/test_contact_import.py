"""A file of contacts, imported on Odoo's own screen: what the person importing reads before and after."""

import base64
import csv
import itertools
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from setup import paths

REPORT = ".o_registration_report"
NOTIFICATION = ".o_notification:has-text('Import of contacts')"
HEADERS = ["Name", "Email", "Phone", "Other E-mails", "Other Phones", "City"]
DROPZONE = ".o-Dropzone:has-text('Drop vCard files here')"
PREVIEW = ".modal:has-text('Import vCards') .o_form_view"
PHONE_WIDTH = 375

_numbers = itertools.count(10)


@dataclass
class People:
    """Contacts that exist, and a file that meets them."""

    berta: int
    carlos: int
    dora: int
    rows: list[list[str]]


@pytest.fixture
def rpc(admin_page):
    """Call a method as the web client does, with the administrator's session."""

    def call(model, method, *args, **kwargs):
        answer = admin_page.request.post(
            f"/web/dataset/call_kw/{model}/{method}",
            data={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    return call


@pytest.fixture
def people(rpc):
    number = next(_numbers)
    domain = f"import{number}.example"
    berta, carlos, dora = rpc(
        "res.partner",
        "create",
        [
            {"name": "Berta", "email": f"berta@{domain}"},
            {"name": "Carlos", "phone": f"+34 699 11 22 {number}"},
            {"name": "Dora", "email": f"dora@{domain}"},
        ],
    )
    rpc("res.partner", "unlink", [dora])
    rows = [
        [
            "Otto",
            f"otto@{domain}",
            f"+34 699 33 44 {number}",
            f"otto@x.{domain},rrhh@x.{domain}",
            f"+34 699 55 66 {number},+34 699 77 88 {number}",
            "Lugo",
        ],
        ["Berta", f"BERTA@{domain.upper()}", "", "", "", "Soria"],
        ["Carlos", "", f"0034 69911 22{number}", "", "", "Soria"],
        ["Dora", f"dora@{domain}", "", "", "", "Soria"],
        ["Eva", "eva(at)nowhere", "", "", "", "Soria"],
        ["Otto", f"otto@{domain}", "", "", "", "Lugo"],
    ]
    return People(berta, carlos, dora, rows)


@pytest.fixture
def load(admin_page, tmp_path):
    """Open the import screen of contacts, as somebody who has a file, and give it the file."""

    def load(rows):
        path = tmp_path / "contacts.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS, *rows])
        admin_page.goto("/odoo/contacts")
        admin_page.click(".o_control_panel .o_cp_action_menus button:has(.fa-cog)")
        admin_page.click(".o-dropdown--menu :text('Import records')")
        admin_page.set_input_files("input.o_input_file", path)
        admin_page.wait_for_selector(".o_import_data_content tbody tr")

    return load


def press(page, button):
    page.click(f".o_control_panel button:text-is('{button}')")


def read_figures(page):
    page.wait_for_selector(REPORT)
    badges = page.locator(f"{REPORT} > div .badge").all_inner_texts()
    return {label: int(count) for label, count in (badge.split(":") for badge in badges)}


def read_reasons(page):
    return [" ".join(text.split()) for text in page.locator(f"{REPORT} li").all_inner_texts()]


def make_cards(domain, *cards):
    return "".join(
        "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *(line.format(domain) for line in lines), "END:VCARD", ""])
        for lines in cards
    ).encode()


def drag(page, target, files):
    """Drag files, given as name -> content, from outside onto the page; returns what is dragged."""
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, content] of Object.entries(files)) {
                const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
                transfer.items.add(new File([bytes], name));
            }
            return transfer;
        }""",
        {name: base64.b64encode(content).decode() for name, content in files.items()},
    )
    page.dispatch_event(target, "dragenter", {"dataTransfer": transfer})
    return transfer


def drop(page, target, files):
    """Drag files onto the page, and drop them on what then appears there."""
    transfer = drag(page, target, files)
    page.wait_for_selector(DROPZONE)
    page.dispatch_event(DROPZONE, "dragover", {"dataTransfer": transfer})
    page.dispatch_event(DROPZONE, "drop", {"dataTransfer": transfer})


def read_preview(page):
    """Return name, outcome and contact of the rows of the preview."""
    page.wait_for_selector(PREVIEW)
    cell = "row.querySelector(`[name=${name}]`).innerText.trim()"
    return page.eval_on_selector_all(
        f"{PREVIEW} .o_data_row",
        f"rows => rows.map(row => ['name', 'outcome', 'contact_id'].map(name => {cell}))",
    )


def take_screenshot(page, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{name}.png")


def test_a_test_tells_what_an_import_would_do(admin_page, load, people, rpc):
    load(people.rows)
    press(admin_page, "Test")
    assert read_figures(admin_page) == {
        "New": 1,
        "To update": 3,
        "To restore": 1,
        "Skipped": 0,
        "Refused": 1,
    }
    (refusal,) = read_reasons(admin_page)
    assert refusal.startswith("Refused Row 6 (Eva): “eva(at)nowhere” is not an e-mail address")
    expect(admin_page.locator(":text('Everything seems valid')")).to_have_count(0)
    assert not rpc("res.partner", "search_count", [("email", "=", people.rows[0][1])])
    take_screenshot(admin_page, "contact_import_test")

    admin_page.check("#existing_contacts_skip")
    admin_page.wait_for_selector(REPORT, state="detached")
    press(admin_page, "Test")
    assert read_figures(admin_page) == {
        "New": 1,
        "To update": 1,  # the person whom row 2 makes, once more in row 7
        "To restore": 1,
        "Skipped": 2,
        "Refused": 1,
    }
    assert read_reasons(admin_page)[1] == "Skipped Rows 3 (Berta), 4 (Carlos): The contact exists already."
    take_screenshot(admin_page, "contact_import_test_skip")


def test_the_report_stays_after_the_import(admin_page, load, people, rpc):
    load(people.rows)
    press(admin_page, "Import")
    admin_page.wait_for_selector(NOTIFICATION)
    admin_page.wait_for_selector(".o_breadcrumb:has-text('Imported records')")
    summary = admin_page.inner_text(f"{NOTIFICATION} .o_notification_content")
    assert "New: 1, Updated: 3, Restored: 1, Refused: 1" in summary
    take_screenshot(admin_page, "contact_import_notification")
    admin_page.click(f"{NOTIFICATION} button:has-text('See what was left out')")
    admin_page.wait_for_selector(".o_data_row:has-text('Eva'):has-text('Refused')")
    expect(admin_page.locator(".o_data_row")).to_have_count(1)

    (otto,) = rpc(
        "res.partner",
        "search_read",
        [("email", "=", people.rows[0][1])],
        ["phone", "alternative_emails", "alternative_phones"],
    )
    assert otto["phone"] == people.rows[0][2]
    assert otto["alternative_emails"] == people.rows[0][3]
    assert otto["alternative_phones"] == people.rows[0][4].replace(" ", "")
    known = rpc(
        "res.partner", "read", [people.berta, people.carlos, people.dora], ["city", "active", "deletion_date"]
    )
    assert [(contact["city"], contact["active"], contact["deletion_date"]) for contact in known] == [
        ("Soria", True, False)
    ] * 3


def test_the_same_file_again_changes_nothing(admin_page, load, people):
    for _time in range(2):
        load(people.rows)
        press(admin_page, "Import")
        admin_page.wait_for_selector(NOTIFICATION)
    assert read_figures(admin_page) == {
        "New": 0,
        "Updated": 0,
        "Restored": 0,
        "Skipped": 5,
        "Refused": 1,
    }
    expect(admin_page.locator(REPORT)).to_contain_text("No row was imported.")
    assert "There is nothing new in it." in read_reasons(admin_page)[1]
    take_screenshot(admin_page, "contact_import_again")
    admin_page.click(f"{REPORT} button:has-text('See what was left out')")
    admin_page.wait_for_selector(".o_data_row:has-text('Eva')")
    expect(admin_page.locator(".o_data_row")).to_have_count(6)


def test_the_report_adds_up_the_batches(admin_page, load, people):
    domain = people.rows[0][1].partition("@")[2]
    rows = [[f"Persona {n}", f"persona{n}@{domain}", "", "", "", ""] for n in range(120)]
    rows[75][1] = "nowhere"
    load(rows)
    admin_page.fill("#o_import_batch_limit", "50")
    admin_page.press("#o_import_batch_limit", "Tab")
    press(admin_page, "Test")
    assert read_figures(admin_page)["New"] == 119
    (refusal,) = read_reasons(admin_page)
    assert refusal.startswith("Refused Row 77 (Persona 75):")


def test_the_report_fits_a_phone(admin_page, load):
    load([["Eva", "eva(at)nowhere", "", "", "", ""]])
    admin_page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    admin_page.dispatch_event(".o_control_panel button:text-is('Test')", "click")
    admin_page.locator(REPORT).scroll_into_view_if_needed()
    assert read_figures(admin_page)["Refused"] == 1
    take_screenshot(admin_page, "contact_import_phone")
    fits = "report => report.scrollWidth <= report.clientWidth && report.getBoundingClientRect().right <= innerWidth"
    assert admin_page.eval_on_selector(REPORT, fits)


def test_vcards_dropped_on_the_list(admin_page, people, rpc):
    domain = people.rows[0][1].partition("@")[2]
    admin_page.goto("/odoo/contacts?view_type=list")
    drop(
        admin_page,
        ".o_list_view .o_data_row >> nth=0",
        {
            "phone.vcf": make_cards(
                domain,
                ("FN:Otto", "EMAIL:otto@{}", "EMAIL:rrhh@{}", "TEL:+34 699 33 44 99", "ORG:Talleres Otto"),
                ("FN:Berta Ruiz", "EMAIL:berta@{}"),
                ("FN:Dora", "EMAIL:dora@{}"),
                ("FN:Eva", "EMAIL:eva@{}"),
            ),
            "more.vcf": make_cards(domain, ("FN:Otto", "EMAIL:otto@{}"), ("NOTE:nobody",)),
            "photo.png": b"\x89PNG\r\n\x1a\n",
        },
    )
    assert read_preview(admin_page) == [
        ["Otto", "New", ""],
        ["Berta Ruiz", "Update", "Berta"],
        ["Dora", "Restore", "Dora"],
        ["Eva", "New", ""],
        ["Otto", "Skip", ""],
        ["", "Skip", ""],
    ]
    expect(admin_page.locator(PREVIEW)).to_contain_text("There is no vCard in “photo.png”.")
    for again in ("Skip", "New"):  # without the first Otto the other one is new
        admin_page.click(f"{PREVIEW} .o_data_row >> nth=0 >> [name=skip] input")
        other = "Skip" if again == "New" else "New"
        admin_page.wait_for_selector(f"{PREVIEW} .o_data_row:nth-child(5):has-text('{other}')")
        assert [read_preview(admin_page)[row][1] for row in (0, 4)] == [again, other]
    admin_page.click(f"{PREVIEW} .o_data_row:has-text('Eva') [name=skip] input")
    take_screenshot(admin_page, "vcard_preview")

    admin_page.click(".modal button[name=action_import]")
    admin_page.wait_for_selector(".o_breadcrumb:has-text('Imported contacts')")
    message = admin_page.inner_text(".o_notification:has-text('Import of vCards')")
    assert "New: 1, Updated: 1, Restored: 1, Skipped: 3" in message
    admin_page.wait_for_selector(".o_list_view .o_data_row >> nth=2")
    expect(admin_page.locator(".o_list_view .o_data_row")).to_have_count(3)
    take_screenshot(admin_page, "vcard_imported")
    names = rpc("res.partner", "search_read", [("email", "=like", f"%@{domain}")], ["name"])
    assert sorted(contact["name"] for contact in names) == ["Berta Ruiz", "Dora", "Otto"]


def test_the_preview_stays_on_its_page(admin_page, people):
    domain = people.rows[0][1].partition("@")[2]
    cards = make_cards(domain, *([f"FN:Eva {n}", f"EMAIL:eva{n}@{{}}"] for n in range(100)))
    admin_page.goto("/odoo/contacts?view_type=list")
    drop(admin_page, ".o_list_view .o_data_row >> nth=0", {"many.vcf": cards})
    admin_page.click(f"{PREVIEW} .o_pager_next")
    admin_page.click(f"{PREVIEW} .o_data_row:has-text('Eva 90') [name=skip] input")
    admin_page.wait_for_selector(f"{PREVIEW} .o_data_row:has-text('Eva 90'):has-text('Skip')")
    expect(admin_page.locator(PREVIEW)).to_contain_text("New: 99, Skipped: 1")


def test_cards_are_skipped_while_the_others_are_looked_at(admin_page, people):
    """With thousands of cards a look takes seconds; what is clicked meanwhile waits for nothing and is not lost."""
    domain = people.rows[0][1].partition("@")[2]
    admin_page.goto("/odoo/contacts?view_type=list")
    cards = make_cards(domain, *([f"FN:Eva {n}", f"EMAIL:eva{n}@{{}}"] for n in range(4)))
    drop(admin_page, ".o_list_view .o_data_row >> nth=0", {"cards.vcf": cards})
    toggles = admin_page.locator(f"{PREVIEW} .o_data_row [name=skip] input")
    rows = admin_page.locator(f"{PREVIEW} .o_data_row")
    looks = []

    def hold_the_first(route):
        looks.append(route)
        if len(looks) > 1:
            route.continue_()

    admin_page.route("**/contact.vcard.import/look_again", hold_the_first)
    with admin_page.expect_request("**/contact.vcard.import/look_again"):
        toggles.nth(0).click()
    for number in (1, 2, 1):
        toggles.nth(number).click()
    for number, is_skipped in enumerate([True, False, True, False]):
        expect(toggles.nth(number)).to_be_checked(checked=is_skipped)
    admin_page.wait_for_timeout(1000)
    assert len(looks) == 1
    looks[0].continue_()
    for number, outcome in enumerate(["Skip", "New", "Skip", "New"]):
        expect(rows.nth(number).locator("td[name=outcome]")).to_have_text(outcome)
    assert len(looks) == 2
    expect(admin_page.locator(PREVIEW)).to_contain_text("New: 2, Skipped: 2")

    toggles.nth(3).click()
    admin_page.click(".modal button[name=action_import]")
    message = admin_page.locator(".o_notification:has-text('Import of vCards')")
    expect(message).to_contain_text("New: 1, Skipped: 3")


def test_no_look_begins_once_the_import_is_on_its_way(admin_page, people, rpc):
    """It would register the same cards beside the import."""
    domain = people.rows[0][1].partition("@")[2]
    admin_page.goto("/odoo/contacts?view_type=list")
    cards = make_cards(domain, *([f"FN:Eva {n}", f"EMAIL:eva{n}@{{}}"] for n in range(3)))
    drop(admin_page, ".o_list_view .o_data_row >> nth=0", {"cards.vcf": cards})
    toggles = admin_page.locator(f"{PREVIEW} .o_data_row [name=skip] input")
    held = {"look_again": [], "action_import": []}

    def hold(route):
        held[route.request.url.rpartition("/")[2]].append(route)

    for name in held:
        admin_page.route(f"**/contact.vcard.import/{name}", hold)
    looks, imports = held.values()
    with admin_page.expect_request("**/contact.vcard.import/look_again"):
        toggles.nth(0).click()
    toggles.nth(1).click()
    admin_page.click(".modal button[name=action_import]")
    admin_page.wait_for_timeout(500)
    assert (len(looks), len(imports)) == (1, 0)
    with admin_page.expect_request("**/contact.vcard.import/action_import"):
        looks[0].continue_()
    expect(admin_page.locator(".o_blockUI")).to_be_visible()  # nor is anything clicked any more
    admin_page.wait_for_timeout(1000)
    assert (len(looks), len(imports)) == (1, 1)
    imports[0].continue_()
    message = admin_page.locator(".o_notification:has-text('Import of vCards')")
    expect(message).to_contain_text("New: 1, Skipped: 2")
    names = rpc("res.partner", "search_read", [("email", "=like", f"eva%@{domain}")], ["name"])
    assert [contact["name"] for contact in names] == ["Eva 2"]


def test_nothing_is_dropped_on_contacts_in_a_dialog(admin_page):
    """The list in which somebody looks for one contact is none to import into."""
    admin_page.goto("/odoo/crm/new")
    admin_page.click("div[name=partner_id] input")
    admin_page.click(".o_m2o_dropdown_option_search_more")
    drag(admin_page, ".modal .o_data_row >> nth=0", {"otto.vcf": make_cards("x.example", ("FN:Otto",))})
    admin_page.wait_for_timeout(500)
    expect(admin_page.locator(DROPZONE)).to_have_count(0)


def test_vcards_dropped_on_the_cards(admin_page, people):
    domain = people.rows[0][1].partition("@")[2]
    admin_page.goto("/odoo/contacts?view_type=kanban")
    cards = make_cards(domain, ("FN:Berta", "EMAIL:berta@{}", "TITLE:Jefa"))
    drop(admin_page, ".o_kanban_view .o_kanban_record >> nth=0", {"berta.vcf": cards})
    assert read_preview(admin_page) == [["Berta", "Update", "Berta"]]


def test_vcards_from_the_menu_of_a_phone(admin_page, people, tmp_path):
    domain = people.rows[0][1].partition("@")[2]
    path = tmp_path / "cards.vcf"
    path.write_bytes(make_cards(domain, ("FN:Otto", "EMAIL:otto@{}"), ("FN:Dora", "EMAIL:dora@{}")))
    admin_page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    # That each Dora can be restored is said whenever the page hears of it, maybe over the menu.
    said = admin_page.locator(".o_notification:has-text('Recently deleted') .o_notification_close")
    admin_page.add_locator_handler(
        said.first, lambda: said.evaluate_all("buttons => buttons.forEach((button) => button.click())")
    )
    admin_page.goto("/odoo/contacts")
    admin_page.click(".o_control_panel .o_cp_action_menus button:has(.fa-cog)")
    with admin_page.expect_file_chooser() as chooser:
        admin_page.click(".o-dropdown--menu :text('Import vCards')")
    chooser.value.set_files(path)
    admin_page.wait_for_selector(f"{PREVIEW} .o_kanban_record:has-text('Dora'):has-text('Restore')")
    fits = "form => form.scrollWidth <= form.clientWidth && form.getBoundingClientRect().right <= innerWidth"
    assert admin_page.eval_on_selector(PREVIEW, fits)
    admin_page.click(f"{PREVIEW} .o_kanban_record:has-text('Otto') [name=skip] input")
    take_screenshot(admin_page, "vcard_preview_phone")
    admin_page.click(".modal button[name=action_import]")
    admin_page.wait_for_selector(".o_notification:has-text('Restored: 1, Skipped: 1')")


def test_a_file_that_is_no_vcard_is_refused_in_words(admin_page):
    admin_page.goto("/odoo/contacts?view_type=list")
    drop(admin_page, ".o_list_view .o_data_row >> nth=0", {"notes.txt": b"\x00\xff" * 99})
    admin_page.wait_for_selector(".modal:has-text('There is no vCard in “notes.txt”.')")


def test_where_no_contact_can_be_made_there_is_no_place_for_vcards(admin_page, people):
    admin_page.goto("/odoo/contacts?view_type=list")
    admin_page.click(".o_menu_sections :text('Recently deleted')")
    admin_page.wait_for_selector(".o_breadcrumb:has-text('Recently deleted')")
    drag(admin_page, ".o_list_view .o_data_row >> nth=0", {"cards.vcf": b""})
    admin_page.wait_for_timeout(500)  # what a place to drop on takes to appear, and more
    expect(admin_page.locator(".o-Dropzone")).to_have_count(0)
    expect(admin_page.locator(".o_control_panel .fa-cog")).to_have_count(0)
