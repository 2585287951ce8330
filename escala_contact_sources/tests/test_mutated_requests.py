"""A thousand requests as nobody would send them: each is taken or refused in words, never an error of ours."""

import json
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests.common import HttpCase, tagged

from .common import ANA, SourceMixin

TYPES = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "application/json; charset=utf-16",
        "",
    ]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _form(pairs) -> bytes:
    return b"&".join(
        quote_from_bytes(name.encode(errors="ignore")).encode() + b"=" + value for name, value in pairs
    )


def _multipart(pairs) -> bytes:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(errors="ignore"), value)
        for name, value in pairs
    )
    return parts + b"--x--\r\n"


NAMES = st.sampled_from(
    ["name", "email", "phone", "message", "country", "lang", "self", "idempotency_key", "escala_nickname"]
)
PAIRS = st.lists(st.tuples(NAMES | st.text(max_size=8), st.binary(max_size=40)), max_size=6)
BODIES = (
    st.binary(max_size=200)
    | st.dictionaries(NAMES, JSON_VALUES, max_size=5).map(lambda data: json.dumps(data).encode())
    | st.dictionaries(NAMES, JSON_VALUES, max_size=2).map(lambda data: json.dumps({**data, **ANA}).encode())
    | PAIRS.map(_form)
    | PAIRS.map(_multipart)
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Origin", "Idempotency-Key", "Accept", "X-Forwarded-For", "Content-Encoding", "Accept-Language"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    max_size=3,
)


@tagged("post_install", "-at_install")
class TestMutatedRequests(SourceMixin, HttpCase):
    def test_never_an_error_of_ours(self):
        self.statuses = set()
        self.send()
        # the door was found, and all ways out of it
        self.assertLessEqual({202, 400, 422}, self.statuses)

    @settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(["POST", "POST", "POST", "OPTIONS", "GET"]), TYPES, BODIES, HEADERS)
    def send(self, method, content_type, body, headers):
        response = self.opener.request(
            method,
            f"{self.base_url()}/escala/register/{self.source.token}",
            data=body,
            headers={
                **{name: value.strip().encode("latin-1") for name, value in headers.items()},
                **({"Content-Type": content_type} if content_type else {}),
            },
            allow_redirects=False,
            timeout=30,
        )
        self.statuses.add(response.status_code)
        self.assertLess(response.status_code, 500)
