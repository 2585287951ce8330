"""The wizard's end in the browser: what was chosen waits here until somebody has signed in at the provider.

Whoever is denied there, or gives up, has made no mailbox, and changed none.
"""

from odoo import models

from ..oauth import OAuthError
from ..transactions import retrying


class EscalaMailboxWizard(models.TransientModel):
    _inherit = "escala.mailbox.wizard"

    def _begin_sign_in(self, session: str, return_to: str) -> str:
        """Return the provider's page to sign in at; the same as of a mailbox."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_save()
        request = self._get_unsaved_mailbox()._get_oauth_client().begin(self.email)
        # sudo: sign-ins under way can be read and written by no user
        self.env["escala.oauth.state"].sudo()._remember(request, self, self.env.user, session, return_to)
        return request.url

    def _complete_sign_in(self, code: str, code_verifier: str):
        """Exchange the code for tokens, make or change the mailbox, and return it.

        Raises OAuthError; UserError if the mailbox cannot be saved as it was chosen.
        """
        self.ensure_one()
        self.check_access("write")
        tokens = self._get_unsaved_mailbox()._redeem(code, code_verifier)

        def save():
            mailbox = self._save_mailbox()
            mailbox._keep_tokens(tokens)
            self.env.flush_all()
            return mailbox

        # The code is used up: a race that is lost must not have the whole request done again.
        mailbox = retrying(save, self.env.cr.rollback)
        self._forget_passwords()
        return mailbox

    def _explain_sign_in(self, error: OAuthError) -> str:
        return self._get_unsaved_mailbox()._explain_sign_in(error)

    def _get_reconnect_url(self) -> str:
        """Return the page at which signing in begins."""
        return f"/escala/oauth/connect/{self.id}"

    def _get_unsaved_mailbox(self):
        """Return a mailbox that is in no database, which knows how to sign in with this address at this provider."""
        return self.env["escala.mailbox"].new({"email": self.email, "auth_method": self.auth_method})
