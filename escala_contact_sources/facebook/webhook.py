"""What Facebook posts to a webhook (Meta for Developers, "Webhooks" and "Webhooks for Leads")."""

import hashlib
import hmac

SIGNATURE_PREFIX = "sha256="


def is_signed(body: bytes, signature: str | None, app_secret: str) -> bool:
    """Tell whether a body was signed with the app's secret (header X-Hub-Signature-256)."""
    if not (signature and app_secret and signature.startswith(SIGNATURE_PREFIX)):
        return False
    expected = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.removeprefix(SIGNATURE_PREFIX).encode())


def read_leadgen_ids(message: object) -> list[str]:
    """Return the ids of the leads that a message announces, each once; changes that announce none are left out.

    >>> change = {"field": "leadgen", "value": {"leadgen_id": "444", "form_id": "1"}}
    >>> read_leadgen_ids({"object": "page", "entry": [{"changes": [change, change]}]})
    ['444']

    :raises ValueError: it is no message of a webhook
    """
    try:
        changes = [change for entry in message["entry"] for change in entry.get("changes", [])]
        ids = [
            str(change["value"].get("leadgen_id")) for change in changes if change.get("field") == "leadgen"
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no message of a webhook") from error
    return [id_ for id_ in dict.fromkeys(ids) if id_.isascii() and id_.isdigit() and len(id_) <= 30]
