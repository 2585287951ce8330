"""The account that a page of the portal is about."""

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect

from odoo.http import request


class NoAccount(HTTPException):
    """There is no account that this may be done for; whoever asked is led to where one is chosen."""

    def __init__(self):
        super().__init__(response=redirect("/my/choose-account", 303))


def active_account(expected=None):
    """Return the client account that the user is in, as res.partner.

    :param expected: the account that a form was made for; int, or text that was posted
    :raises NoAccount: the user is in none, or in another one
    """
    account = request.env.user._get_active_account()
    if not account or (expected is not None and str(account.id) != str(expected)):
        raise NoAccount
    return account
