"""The tokens of the mailboxes that somebody signed in for. Nobody reads them; they are renewed once for all workers.

They have a row of their own, so that renewing them waits for nobody who writes the mailbox, and the other way round.
"""

from datetime import datetime, timedelta, timezone

from odoo import SUPERUSER_ID, api, fields, models

from .. import secret
from ..imap.errors import MailboxError
from ..oauth import OAuthError, Tokens
from ..transactions import retrying

RENEWED_AHEAD = timedelta(minutes=5)


class EscalaOauthToken(models.Model):
    _name = "escala.oauth.token"
    _description = "OAuth Tokens of a Mailbox"
    _log_access = False

    mailbox_id = fields.Many2one("escala.mailbox", required=True, readonly=True, ondelete="cascade")
    refresh_token_encrypted = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)
    access_token_encrypted = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)
    expires_on = fields.Datetime(required=True, groups=fields.NO_ACCESS, copy=False)

    _one_row_per_mailbox = models.UniqueIndex("(mailbox_id)")

    @api.model
    def _store(self, mailbox, tokens: Tokens) -> None:
        """Keep these tokens instead of those that the mailbox had."""
        values = self._prepare_values(tokens)
        existing = self.search([("mailbox_id", "=", mailbox.id)])
        if existing:
            existing.write(values)
        else:
            self.create({**values, "mailbox_id": mailbox.id})
        self.flush_model()

    def _get_access_token(self, refused: str = "") -> str:
        """Return an access token that holds for some minutes; another one than `refused`, if that is given.

        Raises MailboxError `consent_revoked`, or with the code of what keeps it from being renewed.
        """
        self.ensure_one()
        self.invalidate_recordset()
        return self._get_fresh(refused) or self._renew(refused)

    def _get_fresh(self, refused: str) -> str:
        """Return the access token at hand, or nothing if it is about to expire or is the refused one."""
        if self.expires_on - fields.Datetime.now() < RENEWED_AHEAD:
            return ""
        token = self._decrypt(self.access_token_encrypted)
        return token if token != refused else ""

    def _renew(self, refused: str) -> str:
        """Renew the tokens in a transaction of its own, since what is undone around it must not undo that.

        Of several workers the first one does so. The others wait for its lock, start over when it commits, and find
        what it has got.
        """
        with self.env.registry.cursor() as cursor:
            token = self.with_env(api.Environment(cursor, SUPERUSER_ID, {}))
            return retrying(lambda: token._renew_locked(refused), cursor.rollback)

    def _renew_locked(self, refused: str) -> str:
        self.invalidate_recordset()
        self.env.cr.execute("SELECT 1 FROM escala_oauth_token WHERE id = %s FOR UPDATE", [self.id])
        if not self.env.cr.rowcount:
            raise MailboxError("not_signed_in")
        fresh = self._get_fresh(refused)
        if fresh:
            return fresh
        try:
            client = self.mailbox_id._get_oauth_client()
            tokens = client.renew(self._decrypt(self.refresh_token_encrypted))
        except OAuthError as error:
            code = "consent_revoked" if error.code == "token_refused" else error.code
            raise MailboxError(code, error.detail) from error
        self.write(self._prepare_values(tokens))
        return tokens.access_token

    @api.model
    def _prepare_values(self, tokens: Tokens) -> dict:
        return {
            "refresh_token_encrypted": secret.encrypt(tokens.refresh_token),
            "access_token_encrypted": secret.encrypt(tokens.access_token),
            "expires_on": datetime.fromtimestamp(tokens.expires_at, timezone.utc).replace(
                tzinfo=None, microsecond=0
            ),
        }

    @api.model
    def _decrypt(self, encrypted: str) -> str:
        """Raises MailboxError `not_signed_in` if the key has changed, as in a copy of the database."""
        try:
            return secret.decrypt(encrypted)
        except secret.SecretUnreadable as error:
            raise MailboxError("not_signed_in") from error
