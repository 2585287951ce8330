"""What people do to e-mails, so that it can be taken back, also by whoever may not read them any more."""

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools.misc import hash_sign, verify_hash_signed

SCOPE = "escala_mail_sync.undo"
HOURS = 4


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _sign_undo(self, method: str, *values) -> dict:
        """Return the call that takes back what the user has done: `model`, `method`, `ids`, `args`.

        What is taken back is signed, and for some hours: who has done it need not be asked whether they might do it
        to these very records.

        :param values: what the method gets from `_read_undo`, as far as JSON knows it
        """
        # sudo: the key that signs it is read by nobody
        token = hash_sign(
            self.env(su=True), f"{SCOPE}.{method}", [self.env.uid, *values], expiration_hours=HOURS
        )
        return {"model": self._name, "method": method, "ids": self.ids, "args": [token]}

    def _read_undo(self, method: str, token: str) -> list:
        """Return what `_sign_undo` has signed for the user; raises AccessError if it is not theirs, or too long ago."""
        try:
            # sudo: the key that signed it is read by nobody
            signed = verify_hash_signed(self.env(su=True), f"{SCOPE}.{method}", token)
        except ValueError:  # what is no token at all
            signed = None
        if not signed or signed[0] != self.env.uid:
            raise AccessError(self.env._("This cannot be taken back any more."))
        return signed[1:]
