"""Whoever starts the demo gets in with the logins that it prints, as a colleague or as a client."""

from setup.commands.demo import LOGINS


def test_every_login_is_let_in_and_the_adviser_to_three_accounts(env):
    accounts = {}
    for login, password, _role in LOGINS:
        credential = {"login": login, "password": password, "type": "password"}
        user = env["res.users"].browse(env["res.users"].authenticate(credential, {})["uid"])
        assert user.login == login
        accounts[login] = len(user._get_client_accounts())
        assert user._is_internal() != bool(accounts[login])
    assert accounts["jose.perez@perezmuller.example"] == 3
    rows = env["escala.account.contact"].search([("email", "=", "jose.perez@perezmuller.example")])
    assert set(rows.filtered("login").mapped("access_state")) == {"active"}
