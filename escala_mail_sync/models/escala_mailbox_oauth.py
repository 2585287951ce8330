"""How a mailbox is signed in for with Google or Microsoft, and opened by access token instead of a password."""

import json
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.urls import urljoin

from ..imap.errors import MailboxError
from ..imap.session import ImapSession
from ..oauth import PROVIDERS, OAuthClient, OAuthError, Provider, Tokens
from ..smtp.session import SmtpSession
from ..transactions import retrying

CALLBACK = "/escala/oauth/callback"
# Where Odoo's own add-ons keep what this Odoo is registered as: google_gmail and microsoft_outlook.
CLIENT_PARAMETERS = {"google": "google_gmail_client", "microsoft": "microsoft_outlook_client"}
# JSON; replaces fields of oauth.Provider, such as endpoints. Parameters are the administrators' alone.
PROVIDER_PARAMETER = "escala_mail_sync.oauth_%s"
# A page of this Odoo: neither another host nor another scheme, however a browser reads it.
OWN_PAGE = re.compile(r"/odoo(?:/(?!\.)[\w.-]+)*/?(?:\?[\w.=&-]*)?", re.ASCII)


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    auth_method = fields.Selection(
        [("password", "Password"), ("google", "Google"), ("microsoft", "Microsoft 365")],
        "Sign in with",
        required=True,
        default="password",
        help="With Google and Microsoft 365, the owner of the address signs in there, and Odoo is given access to "
        "the mailbox and no password.",
    )
    oauth_token_ids = fields.One2many("escala.oauth.token", "mailbox_id", groups=fields.NO_ACCESS, copy=False)
    is_signed_in = fields.Boolean("Signed in", compute="_compute_is_signed_in", compute_sudo=True)

    @api.depends("oauth_token_ids")
    def _compute_is_signed_in(self):
        for mailbox in self:
            mailbox.is_signed_in = bool(mailbox.oauth_token_ids)

    @api.constrains(
        "auth_method", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security"
    )
    def _check_provider_server(self):
        """Let no access token be sent to another server than the provider's own."""
        for mailbox in self.filtered(lambda each: each.auth_method != "password"):
            values = self._prepare_provider_values(mailbox.auth_method)
            if any(mailbox[name] != value for name, value in values.items()):
                raise UserError(
                    self.env._(
                        "With this way of signing in, %(mailbox)s is read at %(imap)s and sends through %(smtp)s.",
                        mailbox=mailbox.display_name,
                        imap=values["imap_host"],
                        smtp=values["smtp_host"],
                    )
                )

    @api.onchange("auth_method")
    def _onchange_auth_method(self):
        if self.auth_method != "password":
            self.update(self._prepare_provider_values(self.auth_method))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._add_provider_values(vals) for vals in vals_list])

    def write(self, vals):
        methods = {mailbox: mailbox.auth_method for mailbox in self}
        result = super().write(self._add_provider_values(vals))
        changed = self.filtered(lambda mailbox: mailbox.auth_method != methods[mailbox])
        if changed:
            new_password = vals["auth_method"] == "password" and vals.get("imap_password")
            # sudo: the secrets and the state can be written by no user
            changed.sudo()._forget_auth_method(keep_password=bool(new_password))
        return result

    @api.model
    def _add_provider_values(self, vals: dict) -> dict:
        method = vals.get("auth_method") or "password"
        return vals if method == "password" else {**vals, **self._prepare_provider_values(method)}

    @api.model
    def _prepare_provider_values(self, method: str) -> dict:
        """Return where mailboxes of this provider are read, and through what they send."""
        provider = self._get_provider(method)
        return {
            f"{protocol}_{name}": getattr(server, name)
            for protocol, server in (("imap", provider.imap), ("smtp", provider.smtp))
            for name in ("host", "port", "security")
        }

    # Signing in

    def action_sign_in(self, return_to: str = "") -> dict:
        """Send the browser to the provider; it comes back to the mailbox, or to a page of this Odoo given here."""
        self.ensure_one()
        self.check_access("write")
        url = f"{self._get_reconnect_url()}?return_to={return_to}" if return_to else self._get_reconnect_url()
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _begin_sign_in(self, session: str, return_to: str) -> str:
        """Return the provider's page to sign in at.

        :param session: what identifies the session of the browser
        :param return_to: ignored if it is no page of this Odoo

        Raises OAuthError when the client is not configured, AccessError when the mailbox is not the user's.
        """
        self.ensure_one()
        self.check_access("write")
        request = self._get_oauth_client().begin(self.email)
        # sudo: sign-ins under way can be read and written by no user
        self.env["escala.oauth.state"].sudo()._remember(
            request, self, self.env.user, session, return_to if OWN_PAGE.fullmatch(return_to) else ""
        )
        return request.url

    def _complete_sign_in(self, code: str, code_verifier: str):
        """Exchange the code for tokens, keep them, and return the mailbox.

        Raises OAuthError.
        """
        self.ensure_one()
        self.check_access("write")
        tokens = self._redeem(code, code_verifier)
        # The code is used up: what another worker has written meanwhile must not have the whole request done again.
        retrying(lambda: self._keep_tokens(tokens), self.env.cr.rollback)
        return self

    def _redeem(self, code: str, code_verifier: str) -> Tokens:
        """Exchange the code for tokens, which have to be of the account of the mailbox. Raises OAuthError."""
        tokens = self._get_oauth_client().redeem(code, code_verifier)
        if self.email_normalized not in map(email_normalize, tokens.addresses):
            raise OAuthError("wrong_account", tokens.addresses[0] if tokens.addresses else "")
        return tokens

    def _keep_tokens(self, tokens: Tokens) -> None:
        # sudo: tokens can be read and written by no user
        self.env["escala.oauth.token"].sudo()._store(self, tokens)

    def _connect_signed_in(self) -> None:
        """Connect as the last step of signing in, which cannot be done again from the start."""

        def connect() -> None:
            self.action_connect()
            self.env.flush_all()

        retrying(connect, self.env.cr.rollback)

    def _get_reconnect_url(self) -> str:
        """Return the page on which the mailbox is put in order."""
        if self.auth_method == "password":
            return super()._get_reconnect_url()
        return f"/escala/oauth/start/{self.id}"

    # The provider, and what this Odoo is to it

    @api.model
    def _get_provider(self, method: str) -> Provider:
        # sudo: where a provider is reached is the same for everybody, and only administrators change it
        settings = self.env["ir.config_parameter"].sudo().get_param(PROVIDER_PARAMETER % method)
        return PROVIDERS[method].configured(json.loads(settings or "{}"))

    @api.model
    def _get_sign_in_methods(self) -> list[str]:
        """Return the providers for which this Odoo is set up: ``google``, ``microsoft``."""
        # sudo: whether there is a client; it is shown to nobody
        parameters = self.env["ir.config_parameter"].sudo()
        return [method for method, name in CLIENT_PARAMETERS.items() if parameters.get_param(f"{name}_id")]

    def _get_oauth_client(self) -> OAuthClient:
        """Raises OAuthError `not_configured` when the settings have no client of this provider."""
        if self.auth_method == "password":
            raise OAuthError("not_configured")
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: used on behalf of users, who never see it
        name = CLIENT_PARAMETERS[self.auth_method]
        client_id, client_secret = (parameters.get_param(f"{name}_{part}") for part in ("id", "secret"))
        if not client_id or not client_secret:
            raise OAuthError("not_configured")
        redirect_uri = urljoin(self.get_base_url(), CALLBACK)
        return OAuthClient(self._get_provider(self.auth_method), client_id, client_secret, redirect_uri)

    # Connecting

    def _get_server(self) -> tuple:
        """Return where the access token goes; the account that signed in has no user name but its address."""
        server = super()._get_server()
        return server if self.auth_method == "password" else (*server[:3], self.email)

    def _get_connection(self) -> tuple:
        """Return what a session is opened with; access tokens come and go without the mailbox being another one."""
        if self.auth_method == "password":
            return super()._get_connection()
        return (*self._get_server(), self.auth_method)

    def _forget_server(self, before: tuple, keep_password: bool) -> None:
        self.oauth_token_ids.unlink()
        return super()._forget_server(before, keep_password)

    def _forget_auth_method(self, keep_password: bool) -> None:
        """Keep no secret of the way of signing in that is not used any more; it starts with the other one."""
        if not keep_password:
            self.imap_password_encrypted = False
        self.oauth_token_ids.unlink()
        self.env["escala.oauth.state"].search([("mailbox_id", "in", self.ids)]).unlink()
        self.write({**self._prepare_success_values(), "state": "draft", "next_check": False})

    def _session(self) -> ImapSession:
        session = super()._session()
        if self.auth_method != "password":
            session.renew_access_token = self._get_oauth_token()._get_access_token
        return session

    def _smtp_session(self) -> SmtpSession:
        session = super()._smtp_session()
        if self.auth_method != "password":
            session.renew_access_token = self._get_oauth_token()._get_access_token
        return session

    def _get_credentials(self) -> dict[str, str]:
        if self.auth_method == "password":
            return super()._get_credentials()
        self._check_usable()
        return {"access_token": self._get_oauth_token()._get_access_token()}

    def _get_smtp_credentials(self) -> dict[str, str]:
        return super()._get_smtp_credentials() if self.auth_method == "password" else self._get_credentials()

    def _get_smtp_server(self) -> tuple:
        server = super()._get_smtp_server()
        return server if self.auth_method == "password" else (*server[:3], self.email)

    def _get_oauth_token(self):
        """Return the record with the tokens, as superuser. Raises MailboxError `not_signed_in` if there is none."""
        # sudo: tokens can be read by no user; an access token goes to the provider's mail servers and nowhere else
        token = self.env["escala.oauth.token"].sudo().search([("mailbox_id", "=", self.id)])
        if not token:
            raise MailboxError("not_signed_in")
        return token
