"""Free sign-up with an address that a contact has already."""

from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.auth_signup.controllers.main import AuthSignupHome


class ContactRulesSignup(AuthSignupHome):
    def do_signup(self, qcontext, do_login=True):
        """Override: nothing is created; a link goes to the address, and the page says so.

        The page shows `message` of `qcontext` in place of the form. The error is how this method tells its
        caller that nobody has signed up (auth_signup/controllers/main.py, `web_auth_signup`).
        """
        if not qcontext.get("token"):
            # As Odoo: first what is wrong with the form.
            values = self._prepare_signup_values(qcontext)
            # sudo: a visitor may write to nobody; to whom a link goes is decided there
            users_sudo = request.env["res.users"].sudo()
            if users_sudo._send_link_to_known_contact(values.get("login") or ""):
                # The same for all: whether there is a user is nobody's business.
                qcontext["message"] = request.env._(
                    "We know this e-mail address already. If it may be used here, we have sent an e-mail with a "
                    "link that leads on: please look in your mailbox, and in its spam folder. If you have signed "
                    "up before, it is in the mailbox that you signed up with."
                )
                raise UserError(qcontext["message"])
        return super().do_signup(qcontext, do_login=do_login)
