"""Links without login: the request behind each, and how it has to end by what the link allows and whether it holds."""

from datetime import datetime, timedelta

from tests.portal.accounts import FOREIGN, OTHER
from tests.portal.client_files import LINKS as SETTING
from tests.portal.table import PIXEL
from tests.portal.visitor import ALLOWED, DENIED

KINDS = (
    "forged",
    "expired",
    "revoked",
    "of somebody archived",
    "turned off",
    "to another account's folder",
    "to view",
    "to do all",  # last: a decision is made once
)
EVERYTHING = {"allow_view": True, "allow_upload": True, "allow_approve": True, "allow_sign": True}


def make(env, documents) -> dict[str, str]:
    """Make a link of each kind, all but one to the folder of the foreign account; return their tokens."""
    folder = documents[FOREIGN].own["folder"]
    contact = env["res.partner"].create({"name": "Bearer"})

    def make_link(**values):
        return env["escala.document.link"].create(
            {"folder_id": folder, "contact_id": contact.id, **EVERYTHING, **values}
        )

    links = {kind: make_link() for kind in ("expired", "revoked", "turned off", "to do all")}
    links["expired"].expires_on = datetime.now() - timedelta(minutes=1)
    links["revoked"].action_revoke()
    links["of somebody archived"] = make_link(
        contact_id=env["res.partner"].create({"name": "Archived", "active": False}).id
    )
    links["to view"] = make_link(allow_upload=False, allow_approve=False, allow_sign=False)
    links["to another account's folder"] = make_link(
        folder_id=documents[OTHER].own["folder"], allow_upload=False
    )
    tokens = {kind: link._get_token() for kind, link in links.items()}
    number, _dash, signature = tokens["to do all"].partition("-")
    return {**tokens, "forged": f"{number}-{signature[::-1]}"}


def allow(env, allowed: bool) -> None:
    """Turn links without login on or off."""
    env["ir.config_parameter"].set_param(SETTING, str(allowed))
    env.cr.commit()
    env.registry.signal_changes()


def page(path=""):
    return lambda visitor, token, names: visitor.get(f"/documents/link/{token}{path.format(**names)}")


def post(path, files=None, **values):
    def request(visitor, token, names):
        filled = {key: value.format(**names) for key, value in values.items()}
        return visitor.post(f"/documents/link/{token}{path.format(**names)}", files=files, **filled)

    return request


def sign(visitor, token, names):
    path = f"/documents/link/{token}/{names['to_sign']}/sign/{names['checksum']}"
    return visitor.rpc(path, name="Whoever", signature=PIXEL)


VIEW = (DENIED,) * 6 + (ALLOWED,) * 2
DO = (DENIED,) * 7 + (ALLOWED,)
# Name: the request; how it ends for each of KINDS; and for what is decided, the document and its state afterwards.
LINKS = {
    "/documents/link/<id>": (page(), VIEW, None),
    "/documents/link/<id>/<id>": (page("/{document}"), VIEW, None),
    "/documents/link/<id>/<id>/content": (page("/{document}/content"), VIEW, None),
    "/documents/link/<id>/<id>/download": (page("/{document}/download"), VIEW, None),
    "/documents/link/<id>/<id>/signed": (page("/{signed}/signed"), VIEW, None),
    "/documents/link/<id>/upload": (post("/upload", {"ufile": ("MarkerForeign.txt", b"text")}), DO, None),
    "/documents/link/<id>/<id>/approve": (
        post("/{document}/approve", checksum="{checksum}"),
        DO,
        ("document", "approved"),
    ),
    "/documents/link/<id>/<id>/reject": (
        post("/{to_reject}/reject", checksum="{checksum}", reason="Wrong"),
        DO,
        ("to_reject", "rejected"),
    ),
    "/documents/link/<id>/<id>/sign/<id>": (sign, DO, ("to_sign", "signed")),
}
