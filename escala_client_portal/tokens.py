"""Secrets in links: what is sent, and what is kept of it."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a secret for a link: 32 random bytes, in the letters that an address may have (RFC 4648, section 5)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored of a token: its SHA-256, in hexadecimal. A random secret needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
