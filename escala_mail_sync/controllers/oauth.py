"""Signing in for a mailbox with Google or Microsoft: the browser goes to the provider, and comes back."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import STORED_SESSION_BYTES, request

from ..models.escala_mailbox_oauth import CALLBACK
from ..oauth import OAuthError


class OAuthController(http.Controller):
    @http.route("/escala/oauth/start/<int:mailbox_id>", type="http", auth="user")
    def start(self, mailbox_id, return_to="", **_parameters):
        """Send the browser to the provider of the mailbox."""
        return _begin("escala.mailbox", mailbox_id, return_to)

    @http.route("/escala/oauth/connect/<int:wizard_id>", type="http", auth="user")
    def connect(self, wizard_id, **_parameters):
        """Send the browser to the provider, for a mailbox that is made when it comes back."""
        return _begin("escala.mailbox.wizard", wizard_id)

    @http.route(CALLBACK, type="http", auth="user")
    def callback(self, state="", code="", error="", error_description="", **_parameters):
        """Take what the provider answers (RFC 6749, section 4.1.2), connect the mailbox, and show it."""
        _speak_as_user()
        # sudo: sign-ins under way can be read by no user; it is asked for one of this user and session
        states = request.env["escala.oauth.state"].sudo()
        begun = states._take(state, request.env.user, _session_key())
        if not begun:
            return _show_failure(
                request.env._(
                    "This sign-in is not valid any more: it was used already, it took longer than ten minutes, or "
                    "it was begun by somebody else. Open the mailbox and sign in again."
                )
            )
        # Used once, whatever comes of it; and no transaction stays open while the provider is waited for.
        request.env.cr.commit()  # pylint: disable=invalid-commit
        signee = begun["signee"]
        try:
            if error or not code:
                raise OAuthError.of_provider(error or "invalid_request", error_description)
            mailbox = signee._complete_sign_in(code, begun["code_verifier"])
        except OAuthError as failure:
            return _show_failure(signee._explain_sign_in(failure), signee, begun["return_to"])
        except UserError as failure:
            request.env.cr.rollback()
            return _show_failure(str(failure), signee, begun["return_to"])
        # A login that fails must not lose the tokens, and may have them renewed, in a transaction of its own.
        request.env.cr.commit()  # pylint: disable=invalid-commit
        mailbox._connect_signed_in()
        return request.redirect(begun["return_to"] or _mailbox_url(mailbox))


def _speak_as_user() -> None:
    """Use the user's language: a page beside the web client has that of the browser's visit before."""
    request.update_context(lang=request.env.user.lang)


def _session_key() -> str:
    """Return the part of the session's name that stays when Odoo renames it for safety (SessionStore.rotate)."""
    return request.session.sid[:STORED_SESSION_BYTES]


def _begin(model: str, id_: int, return_to: str = ""):
    """Send the browser to the provider of a mailbox or of a wizard."""
    _speak_as_user()
    signee = request.env[model].browse(id_).exists()
    if not signee:
        raise NotFound()
    try:
        return request.redirect(signee._begin_sign_in(_session_key(), return_to), local=False)
    except OAuthError as error:
        return _show_failure(signee._explain_sign_in(error), signee)


def _show_failure(message: str, signee=None, back_url: str = ""):
    """Show what went wrong at signing in for this mailbox or wizard."""
    mailbox = signee if signee is None or signee._name == "escala.mailbox" else signee.mailbox_id
    values = {
        "message": message,
        "sign_in_url": signee._get_reconnect_url() if signee else "",
        "back_url": back_url or (_mailbox_url(mailbox) if mailbox else "/odoo/mailboxes"),
    }
    return request.render("escala_mail_sync.oauth_failure", values)


def _mailbox_url(mailbox) -> str:
    return f"/odoo/mailboxes/{mailbox.id}"
