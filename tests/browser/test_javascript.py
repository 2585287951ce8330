"""The unit tests of what runs in the browser (`static/tests`), by Odoo's own runner, hoot."""

from pathlib import Path

TESTS = Path(__file__).parents[2] / "escala_mail_sync" / "static" / "tests"


def suite_id(name: str) -> str:
    """Return how hoot names a suite in an address, as web/tests/test_js.py reckons it."""
    value = 0
    for character in name:
        value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
    return f"{value:08x}"


def test_unit_tests_of_the_web_client_pass(admin_page):
    said = []
    admin_page.on("console", lambda message: said.append(message.text))
    admin_page.goto(f"/web/tests?headless&loglevel=2&preset=desktop&id={suite_id('@escala_mail_sync')}")
    end = admin_page.wait_for_event(
        "console",
        lambda message: (
            "[HOOT]" in message.text and ("suite succeeded" in message.text or "failed" in message.text)
        ),
    )
    assert "suite succeeded" in end.text, said
    written = sum(file.read_text().count("\ntest(") for file in TESTS.glob("**/*.test.js"))
    assert any(f"Passed {written} tests" in text for text in said), said
