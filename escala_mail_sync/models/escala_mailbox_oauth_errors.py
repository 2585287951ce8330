"""What is wrong with a sign-in, or with the access that it gave, and what to do about it, in words."""

from odoo import models

from ..oauth import OAuthError


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _explain_sign_in(self, error: OAuthError) -> str:
        """Return why signing in failed, and what to do, in the language of the environment."""
        self.ensure_one()
        provider = self._get_provider_name()
        sentences = {
            "consent_denied": self.env._(
                "%(provider)s was not allowed to give Odoo access to the mailbox %(mailbox)s. "
                "Sign in again, and allow everything that is asked for.",
                provider=provider,
                mailbox=self.email,
            ),
            "wrong_account": self.env._(
                "You signed in as %(account)s, but this is the mailbox of %(mailbox)s. "
                "Sign in with the account of that address.",
                account=error.detail or provider,
                mailbox=self.email,
            ),
            "token_refused": self.env._(
                "%(provider)s does not take this sign-in any more (“%(detail)s”). Sign in again.",
                provider=provider,
                detail=error.detail,
            ),
            "identity_invalid": self.env._(
                "%(provider)s did not say for certain which account signed in. Sign in again.",
                provider=provider,
            ),
        }
        return sentences.get(error.code) or self._get_provider_explanations(error.detail)[error.code]

    def _get_provider_explanations(self, detail: str) -> dict[str, str]:
        """Return what is wrong between this Odoo and the provider, whoever signs in."""
        provider = self._get_provider_name()
        return {
            "not_configured": self.env._(
                "Signing in with %(provider)s is not set up. An administrator enters the client's ID and secret in "
                "the general settings.",
                provider=provider,
            ),
            "client_refused": self.env._(
                "%(provider)s refuses this Odoo (“%(detail)s”). An administrator has to check the client's ID and "
                "secret in the general settings, and its redirect address at the provider.",
                provider=provider,
                detail=detail,
            ),
            "provider_unreachable": self.env._(
                "%(provider)s cannot be reached for signing in (%(detail)s). It may work in some minutes.",
                provider=provider,
                detail=detail,
            ),
        }

    def _get_explanations(self, host: str, port: int, detail: str) -> dict[str, str]:
        explanations = super()._get_explanations(host, port, detail)
        if self.auth_method == "password":
            return explanations
        provider = self._get_provider_name()
        return {
            **explanations,
            **self._get_provider_explanations(detail),
            "not_signed_in": self.env._(
                "Nobody has signed in with %(provider)s for this mailbox yet, or the sign-in is lost. Sign in.",
                provider=provider,
            ),
            "consent_revoked": self.env._(
                "%(provider)s does not give access to this mailbox any more: the permission was taken back, or it "
                "has expired. Sign in again.",
                provider=provider,
            ),
            "wrong_password": self.env._(
                "%(host)s does not let Odoo in (“%(detail)s”). Sign in again; if that does not help, see whether "
                "IMAP is allowed for this account.",
                host=host,
                detail=detail,
            ),
        }

    def _get_provider_name(self) -> str:
        return dict(self._fields["auth_method"]._description_selection(self.env))[self.auth_method]
