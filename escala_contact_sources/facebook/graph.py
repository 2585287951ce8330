"""The Graph API, as far as leads go (Meta for Developers, "Graph API": errors, debug_token, leads)."""

import enum
import hashlib
import hmac
from datetime import datetime, timezone

import requests

DEFAULT_URL = "https://graph.facebook.com/v21.0"
TIMEOUT = 20  # seconds
# "Handling Errors": the access token is expired, revoked or of a user who changed the password.
TOKEN_ERRORS = {102, 190, 463, 467}
# The token lacks a permission: somebody has to give it one.
PERMISSION_ERRORS = {10, 200}
# The object is not there.
GONE = {100}


class Silence(enum.Enum):
    """Why there are no words of Facebook's."""

    TIMEOUT = enum.auto()
    UNREACHABLE = enum.auto()
    UNREADABLE = enum.auto()
    WORDLESS = enum.auto()


class GraphError(Exception):
    """The Graph API did not answer as hoped.

    :param why: in Facebook's words, or why there are none
    :param is_final: asking again will not help
    """

    def __init__(self, why: str | Silence, is_final: bool = False):
        super().__init__(why)
        self.why, self.is_final = why, is_final


class TokenError(GraphError):
    """The access token is no longer taken."""


class GraphClient:
    """Asks for one page, with its access token.

    :param url: where the Graph API is, with its version
    """

    def __init__(self, url: str, access_token: str, app_secret: str):
        self._url = url.rstrip("/")
        self._token = access_token
        self._secret = app_secret

    def get_lead(self, leadgen_id: str) -> dict[str, list[str]]:
        """Return the fields of a lead, as they were filled in, and which advertisement it came from.

        :raises TokenError, GraphError:
        """
        answer = self._ask("GET", leadgen_id, fields="field_data,created_time,form_id,ad_name,campaign_name")
        try:
            fields = {field["name"]: list(field.get("values") or []) for field in answer["field_data"]}
        except (KeyError, TypeError, AttributeError):
            raise GraphError(Silence.UNREADABLE) from None
        for name in ("ad_name", "campaign_name"):
            if answer.get(name):
                fields.setdefault(name, [answer[name]])
        return fields

    def get_expiry(self) -> datetime | None:
        """Return when the access token expires, in UTC without a zone; None if it does not.

        :raises TokenError: it is not valid any more
        :raises GraphError:
        """
        answer = self._ask("GET", "debug_token", input_token=self._token)
        try:
            data = answer["data"]
            if data.get("is_valid", True):
                seconds = data.get("expires_at")
                return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None) if seconds else None
            words = _get_words(data.get("error", {}))
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            raise GraphError(Silence.UNREADABLE) from None
        raise TokenError(words, is_final=True)

    def make_test_lead(self, form_id: str) -> None:
        """Have Facebook make a test lead of a form, which it then announces.

        :raises TokenError, GraphError:
        """
        self._ask("POST", f"{form_id}/test_leads")

    def _ask(self, method: str, path: str, **parameters) -> dict:
        proof = hmac.new(self._secret.encode(), self._token.encode(), hashlib.sha256).hexdigest()
        try:
            response = requests.request(
                method,
                f"{self._url}/{path}",
                params={**parameters, "appsecret_proof": proof},
                # not in the address, which ends up in logs
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            answer = response.json()
        # without the cause: its text has the address, and that the token (get_expiry)
        except requests.Timeout:
            raise GraphError(Silence.TIMEOUT) from None
        except requests.ConnectionError:
            raise GraphError(Silence.UNREACHABLE) from None
        except (requests.RequestException, ValueError):
            raise GraphError(Silence.UNREADABLE) from None
        if response.ok and isinstance(answer, dict):
            return answer
        error = answer.get("error") if isinstance(answer, dict) else None
        error = error if isinstance(error, dict) else {}
        words, code = _get_words(error), error.get("code")
        code = code if isinstance(code, int) else None
        if code in TOKEN_ERRORS | PERMISSION_ERRORS:
            raise TokenError(words, is_final=True)
        raise GraphError(words, is_final=code in GONE and not error.get("is_transient"))


def _get_words(error: dict) -> str | Silence:
    words = error.get("message")
    return words if isinstance(words, str) and words else Silence.WORDLESS
