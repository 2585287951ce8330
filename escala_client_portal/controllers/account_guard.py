"""The account that a page of the portal is about."""

from odoo.http import request

from ..exceptions import NoAccount, OtherAccount

__all__ = ["NoAccount", "OtherAccount", "account_of", "active_account", "offer_other_account"]


def active_account(expected=None):
    """Return the account that the client is in, asked for anew at every request.

    :param expected: the id of the account that the page was made for, as its form sent it in `account_id`
    :return: res.partner, one, in sudo: what a controller reads with it has to be limited to this account
    :raises NoAccount: the client is in none, or has lost the one that it was in
    :raises OtherAccount: the client has moved on to another account since the page was made
    """
    user = request.env.user
    account = user._get_active_account()
    if not account:
        raise NoAccount
    if expected is not None and str(expected) != str(account.id):
        # no name and no switch for an account that is none of the client's
        wanted = user._get_client_accounts().filtered(lambda other: str(other.id) == str(expected))
        raise OtherAccount(account, wanted)
    return account


def account_of(model, record_id):
    """Return the account that a record is on, whoever may read it; none if there is no such record.

    :param str model: one with `account_id`
    """
    # sudo: only compared with the accounts that the client may enter
    return request.env[model].sudo().browse(record_id).exists().account_id


def offer_other_account(has_it, owners=None):
    """Offer to switch to the client's account to which the page belongs, when it is not the one that the client is in.

    :param has_it: called with each other account of the client's, a res.partner; tells whether the client may read
        there what the page is about
    :param owners: res.partner, the accounts that it is on, so that no others are asked; all are where it is not known
    :raises OtherAccount: it may; the switch leads to the page again, or home if a form was sent
    """
    user = request.env.user
    back = request.httprequest.path if request.httprequest.method == "GET" else "/my"
    active = user._get_active_account()
    others = user._get_client_accounts() - active
    for account in others if owners is None else others & owners:
        if has_it(account):
            raise OtherAccount(active, account, back)
