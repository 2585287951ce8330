"""Sign-ins under way: who began which one in which session, until the provider sends the browser back."""

from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from .. import secret
from ..oauth import SignInRequest

VALID_FOR = timedelta(minutes=10)
SIGNEES = {"escala.mailbox": "mailbox_id", "escala.mailbox.wizard": "wizard_id"}


class EscalaOauthState(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """For a mailbox that is there, or for a wizard, which makes or changes one when the browser is back.

    Nobody fills it in; it is transient since only such a model may refer to a wizard (odoo/orm/fields_relational.py).
    """

    _name = "escala.oauth.state"
    _description = "Sign-in Under Way"

    state_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    session_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    mailbox_id = fields.Many2one("escala.mailbox", readonly=True, ondelete="cascade", index=True)
    wizard_id = fields.Many2one("escala.mailbox.wizard", readonly=True, ondelete="cascade", index=True)
    code_verifier_encrypted = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    return_to = fields.Char(readonly=True)

    _one_row_per_state = models.UniqueIndex("(state_hash)")
    _for_a_mailbox_or_a_wizard = models.Constraint("CHECK (num_nonnulls(mailbox_id, wizard_id) = 1)")

    @api.model
    def _remember(self, request: SignInRequest, signee, user, session: str, return_to: str) -> None:
        """Note that this user has begun to sign in.

        :param signee: the mailbox that is signed in for, or the wizard
        :param session: what identifies the session of the browser
        :param return_to: a page of this Odoo to show at the end, instead of the mailbox
        """
        self.create(
            {
                "state_hash": _hash(request.state),
                "session_hash": _hash(session),
                "user_id": user.id,
                SIGNEES[signee._name]: signee.id,
                "code_verifier_encrypted": secret.encrypt(request.code_verifier),
                "return_to": return_to,
            }
        )

    @api.model
    def _take(self, state: str, user, session: str) -> dict | None:
        """Return `signee`, `code_verifier` and `return_to` of a sign-in, once; None if there is none to go on with.

        The signee is the mailbox or the wizard that was signed in for, with the rights of the user.

        A state counts for ten minutes, for the user and the session that began. To whoever else comes with it, it
        says nothing, and it stays valid for its owner.
        """
        found = self.search(
            [
                ("state_hash", "=", _hash(state)),
                ("session_hash", "=", _hash(session)),
                ("user_id", "=", user.id),
                ("create_date", ">", fields.Datetime.now() - VALID_FOR),
            ]
        )
        if not found:
            return None
        taken = {
            "signee": (found.mailbox_id or found.wizard_id).sudo(False),
            "code_verifier": secret.decrypt(found.code_verifier_encrypted),
            "return_to": found.return_to,
        }
        # Of two requests that come at once, the database starts one over, which then finds nothing.
        found.unlink()
        return taken

    @api.autovacuum
    def _gc_expired(self) -> None:
        self.search([("create_date", "<", fields.Datetime.now() - VALID_FOR)]).unlink()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
