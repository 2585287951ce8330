"""`POST /escala/register/<token>`: what forms and scripts send. It is checked, kept and answered at once."""

import hashlib
import json

from werkzeug.datastructures import MultiDict

from odoo import http
from odoo.http import request

from ..intake import Fault, PayloadError, find_origins, flatten
from ..models.contact_source_intake import HONEYPOT, KEY, KeyTaken

MAX_BYTES = 64 * 1024
MAX_KEY = 200
CORS_HEADERS = {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}


class Refusal(Exception):
    """A request that is not taken in: its HTTP status, and why, by field or under `request`."""

    def __init__(self, status: int, **errors: str):
        super().__init__(status)
        self.status, self.errors = status, errors


class RegisterController(http.Controller):
    @http.route(
        "/escala/register/<string:token>",
        type="http",
        auth="public",
        methods=["POST", "OPTIONS"],
        csrf=False,
        save_session=False,
        website=True,
        multilang=False,
        sitemap=False,
        only_parameters=("token",),
        max_content_length=MAX_BYTES,
    )
    def register(self, token):
        """Take a submission in, form-encoded or as JSON.

        Who asks for JSON, or sends it, is answered in JSON; a browser that sends a form is led to a page.
        """
        source = (
            request.env["contact.source"]._find_by_token(token).filtered(lambda door: door.kind == "form")
        )
        source = source.with_context(lang=_get_lang(source))
        payload = {}
        try:
            self._check_door(source)
            if request.httprequest.method == "OPTIONS":
                return self._answer(source, {}, 204)
            payload, key = self._read_payload(source)
            return self._answer_taken(source, self._take(source, payload, key))
        except Refusal as refusal:
            return self._answer_refused(source, refusal, payload)

    def _check_door(self, source):
        if not source:
            raise Refusal(
                404, request=request.env._("This address is not known, or was replaced by another one.")
            )
        origin = request.httprequest.headers.get("Origin")
        if origin and not self._may_send(source, origin):
            raise Refusal(403, request=request.env._("Pages of %s may not send here.", origin))
        if source.paused and not _is_preflight():
            raise Refusal(403, request=request.env._("This form is closed for the time being."))

    def _may_send(self, source, origin):
        """Tell whether pages of this origin may send: those of this server, and those that the source allows."""
        if origin == request.httprequest.host_url.rstrip("/"):
            return True
        if not (source._get_allowed_pages() or _is_preflight()):
            return True
        # The hosted page is at the address that the source names, which a proxy may keep from being seen here.
        return origin in [*source._get_allowed_origins(), *find_origins([source.get_base_url()])]

    def _read_payload(self, source):
        """Return the fields and the idempotency key of the request.

        The key that a page has in a field is the same again when somebody goes back to it and writes something else,
        which is another submission.

        :raises Refusal: too large, or not readable
        """
        http_request = request.httprequest
        if http_request.content_length is None:
            raise Refusal(411, request=request.env._("The length of the request is missing."))
        if http_request.content_length > MAX_BYTES:
            raise Refusal(413, request=request.env._("That is too much: %s kB at most.", MAX_BYTES // 1024))
        try:
            if http_request.mimetype == "application/json":
                data = json.loads(http_request.get_data().decode())
                if not isinstance(data, dict):
                    raise PayloadError(Fault.NO_OBJECT)
                pairs = data.items()
            elif http_request.files:
                raise PayloadError(Fault.FILES)
            else:
                pairs = MultiDict(http_request.form).items(multi=True)
            payload = flatten(pairs)
        except (ValueError, RecursionError) as error:
            why = source._get_words_of_fault(error)
            raise Refusal(400, request=request.env._("The request cannot be read: %s", why)) from error
        in_header, in_field = http_request.headers.get("Idempotency-Key"), payload.get(KEY)
        key = in_header or (in_field and in_field[0])
        if key and len(key) > MAX_KEY:
            raise Refusal(
                400, request=request.env._("The idempotency key has %s characters at most.", MAX_KEY)
            )
        if key and not in_header:
            key = f"{key} {hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()}"
        return payload, key and key.replace("\0", "")

    def _take(self, source, payload, key):
        """Keep the submission if it is right.

        :raises Refusal: a field is wrong, or too much has come
        """
        remote_address = request.httprequest.remote_addr or ""
        if source._is_over_limit(remote_address):
            raise Refusal(429, request=request.env._("That was too much at once. Try again in a minute."))
        intake = source._read_intake({name: texts for name, texts in payload.items() if name != HONEYPOT})
        if errors := source._check_intake(intake):
            raise Refusal(422, **errors)
        try:
            return source._take_in(payload, remote_address, key)
        except KeyTaken as error:
            raise Refusal(
                409, request=request.env._("Something else was sent with this idempotency key before.")
            ) from error

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _answer_taken(self, source, submission):
        if _wants_json():
            return self._answer(source, {"status": "accepted", "id": submission.id}, 202)
        if source.redirect_url:
            return request.redirect(source.redirect_url, code=303, local=False)
        return request.redirect(f"/escala/form/{source.token}/thanks", code=303)

    def _answer_refused(self, source, refusal, payload):
        if _wants_json() or not source or refusal.status != 422:
            status = "invalid" if refusal.status == 422 else "refused"
            if not _wants_json():
                return self._render_refusal(refusal)
            return self._answer(source, {"status": status, "errors": refusal.errors}, refusal.status)
        shown, unseen = source._prepare_correction(payload, refusal.errors)
        values = {"source": source, "errors": refusal.errors, "values": shown, "unseen": unseen}
        values["key"] = next(iter(payload.get(KEY, [])), None)
        response = request.render("escala_contact_sources.hosted_form", values)
        response.status_code = refusal.status
        return response

    def _render_refusal(self, refusal):
        values = {"source": None, "message": refusal.errors["request"]}
        response = request.render("escala_contact_sources.refused_page", values)
        response.status_code = refusal.status
        if refusal.status == 429:
            response.headers["Retry-After"] = "60"
        return response

    def _answer(self, source, content, status):
        headers = {"Vary": "Origin", "Cache-Control": "no-store"}
        origin = request.httprequest.headers.get("Origin")
        if source and origin in source._get_allowed_origins():
            headers |= {"Access-Control-Allow-Origin": origin, **CORS_HEADERS}
        if status == 429:
            headers["Retry-After"] = "60"
        if status == 204:
            return request.make_response("", list(headers.items()), status=status)
        return request.make_json_response(content, headers=list(headers.items()), status=status)


def _is_preflight():
    return request.httprequest.method == "OPTIONS"


def _wants_json():
    http_request = request.httprequest
    accept = http_request.accept_mimetypes
    return (
        _is_preflight()
        or http_request.mimetype == "application/json"
        or (
            accept.best_match(["text/html", "application/json"]) == "application/json"
            and "text/html" not in http_request.headers.get("Accept", "")
        )
    )


def _get_lang(source):
    """Return the language for messages: the browser's, or the source's."""
    return request.env.context.get("lang") or source.lang
