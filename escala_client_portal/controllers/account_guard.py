"""Which client account a page of the portal is about."""

from werkzeug.exceptions import HTTPException

from odoo.http import request


class NoAccount(HTTPException):
    """There is no account to show, or another one than the page was made for."""

    code = None  # the response is complete


def active_account(expected=None):
    """Return the account that the user is in, as superuser.

    :param expected: the id of the account that the page was made for, as its form has it
    :raises NoAccount: none is chosen, or it is another one
    """
    account = request.env.user._get_active_account()
    if not account:
        raise NoAccount(response=request.redirect("/my"))
    if expected is not None and str(account.id) != str(expected):
        raise NoAccount(response=request.redirect("/my"))
    return account.sudo()
