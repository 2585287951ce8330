"""The workspace in a browser on 50,000 e-mails: pages scrolled through, conversations opened.

The longest task is what the browser's main thread was kept busy with in one go (W3C, Long Tasks API: 50 ms or more);
queries are counted by Odoo itself, which logs them with each request.
"""

import argparse
import os
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.support import bench
from benchmarks.support.report import print_line
from setup import demo_mail, many_emails, odoo_env, paths, web_server
from setup.progress import run_main, step

CHROMIUM = "/usr/bin/chromium"
ROWS = ".o_escala_thread"
OPEN = ".o_escala_conversation"
# In the log of a request: the number of queries, the seconds of these and of all else (odoo/netsvc.py, PerfFilter).
REQUEST = re.compile(rb'"POST (/\S+) HTTP/1\.\d" 200 - (\d+) ([\d.]+) ([\d.]+)')
OBSERVE = """
    window.longTasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.longTasks.push(entry.duration)))
        .observe({type: "longtask", buffered: true});
"""


@dataclass(frozen=True)
class Click:
    """What one click took: seconds, the longest task in milliseconds, queries, and requests."""

    seconds: float
    longest: float
    queries: int
    requests: int


def main(arguments: list[str]) -> int:
    """Run the benchmark; it has no goal, so the status is 0."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--emails", type=int, default=50_000, help="how many, 50,000 if not given")
    parser.add_argument("--pages", type=int, default=10, help="how many pages to scroll through, and to open")
    options = parser.parse_args(arguments)
    with bench.running() as place:
        name = place.database("escala")
        odoo_env.load(place.config)
        with step(f"writing {options.emails:,} e-mails"):
            _fill(name, options.emails)
        log = paths.LOGS / f"bench-workspace-{os.getpid()}.log"
        with web_server.running(place.config, name, log, "--max-cron-threads=0") as web:
            for title, clicks in _use(web.url, log, options.pages):
                _report(title, clicks)
    return 0


def _fill(name: str, count: int) -> None:
    with odoo_env.environment(name) as env:
        env.ref("escala_mail_sync.user_laura").lang = "en_US"
        mailboxes = env["escala.mailbox"].create(
            [
                {
                    "email": address,
                    "kind": kind,
                    "user_id": env.ref(owner).id if owner else False,
                    "member_ids": [env.ref(member).id for member in members],
                    "imap_host": "imap.nordica.example",
                }
                for address, (kind, owner, members) in demo_mail.MAILBOXES.items()
            ]
        )
        many_emails.fill(env, mailboxes, count)
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")


def _use(url: str, log: Path, times: int) -> Iterator[tuple[str, list[Click]]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 800})
        page.add_init_script(OBSERVE)
        page.set_default_timeout(60_000)
        page.goto(f"{url}/web/login")
        page.fill("input[name=login]", "laura")
        page.fill("input[name=password]", "laura")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        page.goto(f"{url}/odoo/emails")  # compiles the assets, and fills Odoo's caches
        page.wait_for_selector(ROWS)
        yield "open", [_do(page, log, _open_workspace) for _time in range(3)]
        yield "scroll", [_do(page, log, _scroll) for _time in range(times)]
        yield (
            "conversation",
            [_do(page, log, lambda page, n=n: _open_conversation(page, n)) for n in range(times)],
        )
        browser.close()


def _open_workspace(page: Page) -> None:
    page.reload()
    page.wait_for_selector(ROWS)


def _scroll(page: Page) -> None:
    """Go to the end of the list, where the next page comes."""
    before = page.locator(ROWS).count()
    page.locator(ROWS).last.scroll_into_view_if_needed()
    page.wait_for_function(f"n => document.querySelectorAll('{ROWS}').length > n", arg=before)


def _open_conversation(page: Page, number: int) -> None:
    row = page.locator(ROWS).nth(number)
    with page.expect_response(re.compile("read_conversation")):
        row.click()
    page.wait_for_selector(f"{OPEN} article")


def _do(page: Page, log: Path, act) -> Click:
    page.evaluate("window.longTasks = []")
    start, started = log.stat().st_size, time.perf_counter()
    act(page)
    seconds = time.perf_counter() - started
    page.wait_for_timeout(500)  # what comes after it was shown counts as well
    longest = max(page.evaluate("window.longTasks"), default=0)
    requests = REQUEST.findall(log.read_bytes()[start:])
    return Click(seconds, longest, sum(int(queries) for _path, queries, *_times in requests), len(requests))


def _report(title: str, clicks: list[Click]) -> None:
    print(f"\n{title:<24}{'median':>10}{'most':>10}")
    for name, unit in (("seconds", "s"), ("longest", "ms"), ("queries", ""), ("requests", "")):
        values = [getattr(click, name) for click in clicks]
        label = {"longest": "longest task"}.get(name, name)
        print(f"  {label:<22}{statistics.median(values):>10.2f}{max(values):>10.2f} {unit}")
    print_line("LONGEST_TASK", f"workspace_{title}", max(click.longest for click in clicks))
    print_line("QUERIES", f"workspace_{title}", max(click.queries for click in clicks))


if __name__ == "__main__":
    run_main(main)
