"""A stand-in for Facebook's Graph API on a loopback port, for tests: leads, access tokens, test leads."""

import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCESS_TOKEN, APP_SECRET = "page-access-token", "app-secret"


@dataclass
class Graph:
    """What the stand-in knows, and what it does on purpose."""

    url: str = ""
    # leadgen id -> field name -> values, or none for an answer as nobody expects it
    leads: dict[str, dict[str, list[str]] | None] = field(default_factory=dict)
    token: str = ACCESS_TOKEN
    expires_at: int = 0  # seconds since 1970; 0 for never
    is_down: bool = False
    error: dict | None = None  # answered to whatever is asked
    asked: list[str] = field(default_factory=list)

    def sign(self, body: bytes) -> str:
        """Return the header X-Hub-Signature-256 of a body."""
        return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()

    def announce(self, *leadgen_ids: str) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers with which leads are announced."""
        changes = [{"field": "leadgen", "value": {"leadgen_id": id_, "page_id": "1"}} for id_ in leadgen_ids]
        body = json.dumps({"object": "page", "entry": [{"id": "1", "changes": changes}]}).encode()
        return body, {"Content-Type": "application/json", "X-Hub-Signature-256": self.sign(body)}


@contextlib.contextmanager
def running() -> Iterator[Graph]:
    """Run one for the length of the block."""
    graph = Graph()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments):
            pass

        def do_GET(self):
            self._answer(*_get(graph, self._path(), self.headers))

        def do_POST(self):
            self._answer(*_post(graph, self._path(), self.headers))

        def _path(self):
            parts = urlsplit(self.path)
            graph.asked.append(parts.path)
            self.parameters = parse_qs(parts.query)
            return parts.path.strip("/")

        def _answer(self, status, content):
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        graph.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield graph
        finally:
            server.shutdown()
            thread.join()


def _refusal(graph: Graph, headers):
    if graph.error is not None:
        return 400, {"error": graph.error}
    if graph.is_down:
        return 503, {"error": {"message": "Service temporarily unavailable", "code": 2, "is_transient": True}}
    if headers.get("Authorization") != f"Bearer {graph.token}":
        return 400, {"error": {"message": "Session has expired", "type": "OAuthException", "code": 190}}
    return None


def _get(graph: Graph, path: str, headers):
    if refusal := _refusal(graph, headers):
        return refusal
    if path == "debug_token":
        return 200, {"data": {"is_valid": True, "expires_at": graph.expires_at}}
    if path not in graph.leads:
        return 400, {"error": {"message": "Object does not exist", "code": 100}}
    if graph.leads[path] is None:
        return 200, {"id": path, "field_data": ["?"]}
    fields = [{"name": name, "values": values} for name, values in graph.leads[path].items()]
    return 200, {"id": path, "field_data": fields}


def _post(graph: Graph, path: str, headers):
    if refusal := _refusal(graph, headers):
        return refusal
    form_id, _slash, action = path.partition("/")
    if action != "test_leads":
        return 404, {"error": {"message": "Unknown path", "code": 2500}}
    id_ = f"9{form_id}"
    graph.leads[id_] = {"full_name": ["Test Lead"], "email": ["test.lead@example.com"]}
    return 200, {"id": id_}
