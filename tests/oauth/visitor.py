"""A browser without a screen: follows redirects, keeps cookies, fills in forms."""

from urllib.parse import urljoin

import requests
from lxml import html


class Visitor:
    """Somebody who is logged in to Odoo, with the same word as login and password."""

    def __init__(self, url: str, login: str) -> None:
        self.url = url
        self.session = requests.Session()
        page = self.get("/web/login")
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        form = {"login": login, "password": login, "csrf_token": token}
        answer = self.session.post(f"{url}/web/login", data=form, timeout=60, allow_redirects=False)
        assert answer.status_code == 303, answer.text

    def get(self, path: str):
        """Return a page, with its address in `base_url`."""
        answer = self.session.get(urljoin(self.url, path), timeout=60)
        answer.raise_for_status()
        return html.document_fromstring(answer.text, base_url=answer.url)

    def begin(self, mailbox, return_to: str = ""):
        """Go to the provider's page."""
        return self.get(
            mailbox.with_user(mailbox.user_id or mailbox.create_uid).action_sign_in(return_to)["url"]
        )

    def decide(self, page, account: str, decision: str = "allow") -> str:
        """Choose an account on the provider's page; return where the provider sends the browser."""
        [form] = page.forms
        fields = {**dict(form.form_values()), "account": account, "decision": decision}
        answer = self.session.post(
            urljoin(page.base_url, form.action), data=fields, timeout=60, allow_redirects=False
        )
        assert answer.status_code == 302
        return answer.headers["Location"]

    def sign_in(self, mailbox, account: str, decision: str = "allow", return_to: str = "") -> "Arrival":
        """Do all of it."""
        return self.arrive(self.decide(self.begin(mailbox, return_to), account, decision))

    def arrive(self, callback: str) -> "Arrival":
        """Go where the provider sends the browser."""
        answer = self.session.get(callback, timeout=60, allow_redirects=False)
        return Arrival(answer)

    def call(self, model: str, method: str, *arguments, **options):
        """Call a method as the web client does; return its result, or raise with the name of the exception."""
        params = {"model": model, "method": method, "args": arguments, "kwargs": options}
        answer = self.session.post(
            f"{self.url}/web/dataset/call_kw", json={"jsonrpc": "2.0", "params": params}, timeout=60
        ).json()
        if "error" in answer:
            raise CallError(answer["error"]["data"]["name"])
        return answer["result"]


class CallError(Exception):
    """Odoo has answered with an exception, whose name this is told with."""


class Arrival:
    """What Odoo answers to who comes back from the provider: a place to go to, or a page with words."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.location = answer.headers.get("Location", "").removeprefix(answer.url.split("/escala/")[0])
        self.text = ""
        if answer.text and not self.location:
            alerts = html.document_fromstring(answer.text).xpath("//*[@role='alert']")
            self.text = " ".join(alert.text_content().strip() for alert in alerts)
