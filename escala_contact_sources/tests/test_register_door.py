"""The door as forms, scripts and their browsers meet it, over HTTP."""

import json
from unittest.mock import patch

from lxml import html

from odoo.tests.common import HttpCase, tagged
from odoo.tools.translate import code_translations

from .common import ANA, SourceMixin

JSON = {"Content-Type": "application/json"}
SHOP = "https://shop.example"


@tagged("post_install", "-at_install")
class TestRegisterDoor(SourceMixin, HttpCase):
    def post(self, data=None, headers=None, token=None, **options):
        url = f"/escala/register/{token or self.source.token}"
        return self.url_open(url, data=data, headers=headers or {}, allow_redirects=False, **options)

    def post_json(self, content, **headers):
        return self.post(json.dumps(content), {**JSON, **headers})

    @property
    def submissions(self):
        self.env.invalidate_all()
        return self.source.submission_ids

    def test_a_form_leads_to_thanks_or_to_a_page_of_ones_own(self):
        answer = self.post(ANA)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("Thank you", self.url_open(answer.headers["Location"]).text)
        self.source.redirect_url = f"{SHOP}/gracias"
        self.assertEqual(self.post(ANA).headers["Location"], f"{SHOP}/gracias")
        self.assertEqual(self.submissions.mapped("summary"), ["Ana Ruiz", "Ana Ruiz"])

    def test_json_is_answered_in_json(self):
        answer = self.post_json({"name": "Ñuño Öz", "emails": ["a@x.example", "b@x.example"]})
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(answer.json(), {"status": "accepted", "id": self.submissions.id})
        self.assertEqual(self.submissions.payload["name"], ["Ñuño Öz"])

    def test_wrong_addresses_are_named_at_their_fields_and_nothing_is_kept(self):
        answer = self.post_json({"name": "Ana", "email": "nobody", "phone": "12"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(set(answer.json()["errors"]), {"email", "phone"})
        for name in ("name", "company_name"):
            self.assertEqual(self.post_json({**ANA, name: "x" * 251}).json()["errors"].keys(), {name})
        page = self.post({"name": "Ana", "email": "nobody"})
        self.assertEqual(page.status_code, 422)
        self.assertIn("is-invalid", page.text)
        self.assertIn('value="Ana"', page.text)
        self.assertFalse(self.submissions)

    def test_what_is_wrong_in_a_form_elsewhere_is_corrected_without_losing_its_other_fields(self):
        self.source.asks_consent = True
        fields = {
            "nombre": "Ana",
            "correo": ["nobody", "ana@x.example"],
            "mensaje": "¿Tejados?",
            "Tamaño": "50 m²",
            "consentimiento": "sí",
        }
        page = self.post(fields)
        self.assertEqual(page.status_code, 422)
        (form,) = html.fromstring(page.content).xpath("//main//form")
        (shown,) = form.xpath(".//input[@id='escala_email']")
        self.assertEqual(shown.value, "nobody")
        shown.value = "ana@y.example"
        answer = self.post(form.form_values())
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertEqual(
            self.submissions.payload,
            {
                "name": ["Ana"],
                "email": ["ana@x.example", "ana@y.example"],
                "mensaje": ["¿Tejados?"],
                "Tamaño": ["50 m²"],
                "consent": ["yes"],
            },
        )

    def test_the_company_name_of_a_form_elsewhere_can_be_corrected(self):
        (form,) = html.fromstring(self.url_open(f"/escala/form/{self.source.token}").content).xpath(
            "//main//form"
        )
        self.assertNotIn("company_name", form.fields)
        page = self.post({**ANA, "empresa": "x" * 251, "organization": "Viñedo"})
        (form,) = html.fromstring(page.content).xpath("//main//form")
        (shown,) = form.xpath(".//input[@id='escala_company_name']")
        (error,) = form.xpath(".//*[@id='escala_company_name_error']")
        self.assertIn("250 characters at most", error.text)
        shown.value = shown.value[:250]
        self.assertEqual(self.post(form.form_values()).status_code, 303)
        self.assertEqual(self.submissions.payload["company_name"], ["x" * 250])

    def test_the_hosted_page_asks_for_consent(self):
        self.source.asks_consent = True
        url = f"/escala/form/{self.source.token}"
        self.assertIn('name="consent"', self.url_open(url).text)
        self.assertEqual(self.post(ANA).status_code, 422)
        self.assertEqual(self.post({**ANA, "consent": "yes"}).status_code, 303)

    def test_who_may_not_send(self):
        self.assertEqual(self.post(ANA, token="unknown").status_code, 404)
        self.source.paused = True
        self.assertEqual(self.post(ANA).status_code, 403)
        self.assertIn("closed", self.url_open(f"/escala/form/{self.source.token}").text)
        self.assertFalse(self.submissions)

    def test_only_listed_origins_may_read_the_answer(self):
        self.source.allowed_origins = f"{SHOP}\nhttps://www.example.com/"
        preflight = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
        url = f"/escala/register/{self.source.token}"
        answer = self.opener.options(self.base_url() + url, headers=preflight)
        self.assertEqual((answer.status_code, answer.headers["Access-Control-Allow-Origin"]), (204, SHOP))
        self.assertEqual(self.post_json(ANA, Origin=SHOP).headers["Access-Control-Allow-Origin"], SHOP)
        self.source.allowed_origins = "https://Shop.example:443/landing.html"
        self.assertEqual(self.post_json(ANA, Origin=SHOP).headers["Access-Control-Allow-Origin"], SHOP)
        refused = self.post_json(ANA, Origin="https://evil.example")
        self.assertEqual(refused.status_code, 403)
        self.assertNotIn("Access-Control-Allow-Origin", refused.headers)
        self.assertEqual(len(self.submissions), 2)

    def test_the_hosted_page_need_not_be_listed(self):
        self.source.allowed_origins = SHOP
        self.env["ir.config_parameter"].set_param("web.base.url", "https://crm.example")
        for origin in (self.base_url(), "https://crm.example"):
            self.assertEqual(self.post(ANA, {"Origin": origin}).status_code, 303, origin)

    def test_an_address_of_ours_or_in_the_list_that_is_none_keeps_no_form_from_sending(self):
        self.source.allowed_origins = SHOP
        # as an earlier check took them
        self.env.cr.execute(
            "UPDATE contact_source SET allowed_origins = %s WHERE id = %s",
            [f"https://x:port\nhttps://.x\n{SHOP}", self.source.id],
        )
        self.env["ir.config_parameter"].set_param("web.base.url", "crm.example")
        self.env.invalidate_all()
        for origin, status in ((None, 303), (self.base_url(), 303), (SHOP, 303), ("https://x", 403)):
            self.assertEqual(self.post(ANA, origin and {"Origin": origin}).status_code, status, origin)
        self.env.cr.execute("UPDATE contact_source SET allowed_origins = 'https://.x'")
        self.env.invalidate_all()
        self.assertEqual(self.post(ANA, {"Origin": SHOP}).status_code, 403)  # it is a list all the same

    def test_without_a_list_no_other_page_may_read_the_answer(self):
        answer = self.post(ANA, {"Origin": SHOP})
        self.assertEqual(answer.status_code, 303)
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    def test_too_much(self):
        self.assertEqual(self.post_json({**ANA, "message": "x" * 70_000}).status_code, 413)
        self.source.rate_limit = 2
        codes = [self.post_json(ANA).status_code for _each in range(3)]
        self.assertEqual(codes, [202, 202, 429])

    def test_sent_twice_with_a_key_it_is_one(self):
        ids = {self.post_json(ANA, **{"Idempotency-Key": "k"}).json()["id"] for _each in range(2)}
        self.assertEqual(ids, set(self.submissions.ids))

    def test_something_else_with_the_same_key_is_refused_in_words(self):
        key = {"Idempotency-Key": "k"}
        self.assertEqual(self.post_json(ANA, **key).status_code, 202)
        refused = self.post_json({**ANA, "message": "And a roof"}, **key)
        self.assertEqual((refused.status_code, refused.json()["status"]), (409, "refused"))
        self.assertEqual(len(self.submissions), 1)

    def test_who_goes_back_to_the_page_and_writes_something_else_has_sent_it(self):
        page = {**ANA, "idempotency_key": "of the page"}
        for message in ("Roofs?", "Roofs?", "And a cellar?"):
            self.assertEqual(self.post({**page, "message": message}).status_code, 303)
        messages = [submission.payload["message"] for submission in self.submissions]
        self.assertEqual(messages, [["And a cellar?"], ["Roofs?"]])

    def test_the_honeypot_is_answered_like_anything_else(self):
        self.assertEqual(self.post_json({**ANA, "escala_nickname": "x"}).status_code, 202)
        self.assertEqual(self.submissions.state, "spam")

    def test_bad_requests_are_refused_in_words(self):
        for data in (b"{", b"[1]", b'"x"', b"\xff", json.dumps({"a": [[[[[1]]]]]}).encode(), b"[" * 5000):
            answer = self.post(data, JSON)
            self.assertEqual((answer.status_code, answer.json()["status"]), (400, "refused"), data[:20])
        for name in ("self", "token", "args", "kwargs", "endpoint", "name\0", "csrf_token", "_fields"):
            self.assertLess(self.post({**ANA, name: "x"}).status_code, 500, name)
        files = {"file": ("x.txt", b"x")}
        self.assertEqual(self.post(ANA, files=files).status_code, 400)

    def test_why_a_request_cannot_be_read_is_said_in_the_language_of_who_reads_it(self):
        spanish = {"more than %s values": "más de %s valores"}
        many = json.dumps({"a": list(range(101))})
        with patch.object(code_translations, "get_python_translations", return_value=spanish):
            answer = self.post(many, {**JSON, "Accept-Language": "es-ES,es"})
            self.assertIn("más de 100 valores", answer.json()["errors"]["request"])
            self.source.sample = many
            self.assertIn("más de 100 valores", self.source.with_context(lang="es_ES").sample_result)
