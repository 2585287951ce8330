"""The code that sends against a real SMTP server, without Odoo."""

import pytest

from setup import tls
from tests.pure import bare_package

bare_package.enter("escala_mail_sync")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Certificate and key of a loopback server, as two paths."""
    return tls.self_signed(tmp_path_factory.mktemp("tls"))
