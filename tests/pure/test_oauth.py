"""The authorization code flow with PKCE, against the stand-in for Google and Microsoft."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from escala_mail_sync.oauth import GOOGLE, MICROSOFT, PROVIDERS, OAuthClient, OAuthError
from setup import oauth_server
from setup.oauth_server import CLIENT_ID, CLIENT_SECRET

ADDRESS = "laura@nordica.example"
CALLBACK = "http://127.0.0.1:9/escala/oauth/callback"


@pytest.fixture
def provider():
    with oauth_server.running(ADDRESS, "other@nordica.example") as server:
        yield server


def client(provider, method="google", secret=CLIENT_SECRET):
    settings = provider.provider_settings(method, "127.0.0.1", 143)
    return OAuthClient(PROVIDERS[method].configured(settings), CLIENT_ID, secret, CALLBACK)


def choose(request, account=ADDRESS, decision="allow") -> dict[str, str]:
    """Fill in the provider's page, and return what the browser is sent back with."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    endpoint = request.url.partition("?")[0]
    assert requests.get(request.url, timeout=10).status_code == 200
    form = {**asked, "account": account, "decision": decision}
    answer = requests.post(endpoint, data=form, allow_redirects=False, timeout=10)
    location = answer.headers["Location"]
    assert location.startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def failure(work, *arguments) -> str:
    with pytest.raises(OAuthError) as raised:
        work(*arguments)
    return raised.value.code


@pytest.mark.parametrize("method", ["google", "microsoft"])
def test_account_that_signs_in_is_known_and_its_mailbox_opened(provider, method):
    begun = client(provider, method).begin(ADDRESS)
    answer = choose(begun)
    assert answer["state"] == begun.state
    tokens = client(provider, method).redeem(answer["code"], begun.code_verifier)
    assert tokens.addresses == (ADDRESS,)
    assert provider.address_of(tokens.access_token) == ADDRESS
    renewed = client(provider, method).renew(tokens.refresh_token)
    assert provider.address_of(renewed.access_token) == ADDRESS
    assert renewed.access_token != tokens.access_token
    assert renewed.refresh_token != tokens.refresh_token


def test_what_is_asked_for():
    asked = {}
    for name, each in PROVIDERS.items():
        url = OAuthClient(each, CLIENT_ID, CLIENT_SECRET, CALLBACK).begin(ADDRESS).url
        assert CLIENT_SECRET not in url
        asked[name] = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    assert asked["google"]["scope"] == "openid email https://mail.google.com/"
    assert asked["google"]["access_type"] == "offline"
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in asked["microsoft"]["scope"].split()
    assert {each["code_challenge_method"] for each in asked.values()} == {"S256"}
    assert {each["login_hint"] for each in asked.values()} == {ADDRESS}


def test_refresh_token_that_does_not_change_is_kept(provider):
    provider.rotates = False
    begun = client(provider).begin(ADDRESS)
    tokens = client(provider).redeem(choose(begun)["code"], begun.code_verifier)
    assert client(provider).renew(tokens.refresh_token).refresh_token == tokens.refresh_token


def test_code_counts_once(provider):
    begun = client(provider).begin(ADDRESS)
    code = choose(begun)["code"]
    client(provider).redeem(code, begun.code_verifier)
    assert failure(client(provider).redeem, code, begun.code_verifier) == "token_refused"


def test_code_is_worth_nothing_without_its_verifier(provider):
    code = choose(client(provider).begin(ADDRESS))["code"]
    other = client(provider).begin(ADDRESS).code_verifier
    assert failure(client(provider).redeem, code, other) == "token_refused"


def test_access_taken_back(provider):
    begun = client(provider).begin(ADDRESS)
    tokens = client(provider).redeem(choose(begun)["code"], begun.code_verifier)
    provider.revoke(ADDRESS)
    assert failure(client(provider).renew, tokens.refresh_token) == "token_refused"


def test_token_endpoint_in_trouble_refuses_nothing(provider):
    provider.is_down = True
    assert failure(client(provider).renew, "token") == "provider_unreachable"


def test_nobody_answers():
    with oauth_server.running() as server:
        gone = client(server)
    with oauth_server.running():  # allows to do without TLS
        assert failure(gone.renew, "token") == "provider_unreachable"


def test_wrong_client_secret_is_told_apart(provider):
    assert failure(client(provider, secret="wrong").renew, "token") == "client_refused"


def test_consent_without_the_mailbox_is_none(provider):
    provider.withheld = {"https://mail.google.com/"}
    begun = client(provider).begin(ADDRESS)
    assert failure(client(provider).redeem, choose(begun)["code"], begun.code_verifier) == "consent_denied"


def test_google_address_that_is_not_verified_proves_nothing(provider):
    provider.email_verified = False
    begun = client(provider).begin(ADDRESS)
    assert failure(client(provider).redeem, choose(begun)["code"], begun.code_verifier) == "identity_invalid"


@pytest.mark.parametrize("method", ["google", "microsoft"])
@pytest.mark.parametrize(
    "change", [{"iss": "https://elsewhere.example"}, {"aud": "another-client"}, {"exp": 1}, {"key": "other"}]
)
def test_forged_id_token_proves_nothing(provider, method, change, monkeypatch):
    encode = jwt.encode
    other = oauth_server.rsa.generate_private_key(65537, 2048)

    def forge(claims, key, **options):
        if options["algorithm"] != "RS256":
            return encode(claims, key, **options)
        changed = {name: value for name, value in change.items() if name != "key"}
        return encode(claims | changed, other if "key" in change else key, **options)

    begun = client(provider, method).begin(ADDRESS)
    code = choose(begun)["code"]
    monkeypatch.setattr(oauth_server.jwt, "encode", forge)
    assert failure(client(provider, method).redeem, code, begun.code_verifier) == "identity_invalid"


def test_no_secret_is_told(provider):
    begun = client(provider).begin(ADDRESS)
    tokens = client(provider).redeem(choose(begun)["code"], begun.code_verifier)
    shown = f"{tokens!r} {client(provider)!r}"
    for secret in (tokens.access_token, tokens.refresh_token, CLIENT_SECRET):
        assert secret not in shown


def test_without_tls_nothing_is_sent(provider, monkeypatch):
    monkeypatch.delenv(oauth_server.INSECURE_TRANSPORT)
    assert failure(client(provider).renew, "token") == "client_refused"
    assert not provider.token_requests


def test_settings_replace_endpoints_and_hosts():
    changed = MICROSOFT.configured({"token_url": "https://here.example/token"})
    assert changed.token_url == "https://here.example/token"
    assert changed.authorization_url == MICROSOFT.authorization_url
    with pytest.raises(ValueError, match="colour"):
        GOOGLE.configured({"colour": "green"})
