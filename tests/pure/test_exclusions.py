"""What people may type to keep somebody out, and whom it keeps out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escala_mail_sync.mime.exclusions import (
    PatternError,
    get_patterns,
    get_spellings,
    is_domain,
    is_excluded,
    parse_pattern,
)

LABELS = st.text("abcxyz", min_size=1, max_size=6)
DOMAINS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
LOCAL_PARTS = st.text("abc019._+-", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("ana@gmail.com", "ana@gmail.com"),
        (" Ana@GMail.com ", "ana@gmail.com"),
        ("ana+ofertas@gmail.com", "ana+ofertas@gmail.com"),
        ("o'neill@gmail.com", "o'neill@gmail.com"),
        ("gmail.com", "gmail.com"),
        ("@gmail.com", "gmail.com"),
        ("GMAIL.com.", "gmail.com"),
        ("mail.co.uk", "mail.co.uk"),
        ("a_b.example.com", "a_b.example.com"),
        ("müller.example", "xn--mller-kva.example"),
        ("MÜLLER.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("Ana@Straße.example", "ana@xn--strae-oqa.example"),
        ("josé@correo.example", "josé@correo.example"),
    ],
)
def test_an_address_or_a_domain(typed, pattern):
    assert parse_pattern(typed) == pattern


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("*@gmail.com", "gmail.com"),
        ("*gmail.com", "gmail.com"),
        ("*.gmail.com", "gmail.com"),
        ("*@*.gmail.com", "gmail.com"),
        (".gmail.com", "gmail.com"),
        ("%@gmail.com", "gmail.com"),
        ("@ gmail.com", "gmail.com"),
        ("ana @gmail.com", "ana@gmail.com"),
        ("Ana Ruiz <ana@gmail.com>", "ana@gmail.com"),
        ("mailto:ana@gmail.com", "ana@gmail.com"),
        ("ana*@gmail.com", ""),
        ("ana@b@gmail.com", ""),
        ("@@gmail.com", "gmail.com"),
        ("ana@gmail.com, eva@gmail.com", ""),
        ("ana@gmail", ""),
        ("gmail", ""),
        ("@", ""),
        ("*", ""),
        ("", ""),
        ("   ", ""),
        ("192.168.0.1", ""),
        ("-gmail.com", ""),
        ("gm..ail.com", ""),
        (f"{'a' * 64}.com", ""),
        (".".join(["abcdefg"] * 40), ""),
    ],
)
def test_what_is_neither_is_refused_with_what_may_be_meant(typed, suggestion):
    with pytest.raises(PatternError) as caught:
        parse_pattern(typed)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("pattern", "subdomains", "kept_out", "brought_in"),
    [
        (
            "ana@gmail.com",
            False,
            ["ana@gmail.com", "Ana@Gmail.COM"],
            ["xana@gmail.com", "ana@mail.gmail.com"],
        ),
        ("gmail.com", False, ["ana@gmail.com", '"a@b"@gmail.com'], ["ana@notgmail.com", "a@mail.gmail.com"]),
        (
            "gmail.com",
            True,
            ["ana@gmail.com", "a@x.mail.gmail.com"],
            ["ana@notgmail.com", "gmail.com@x.example"],
        ),
        (
            "xn--mller-kva.example",
            False,
            ["eva@müller.example", "eva@xn--mller-kva.example"],
            ["eva@muller.example"],
        ),
    ],
)
def test_whom_a_pattern_keeps_out(pattern, subdomains, kept_out, brought_in):
    assert all(is_excluded(email, {pattern: subdomains}) for email in kept_out)
    assert not any(is_excluded(email, {pattern: subdomains}) for email in brought_in)


def test_spellings_in_which_a_message_may_have_it():
    assert get_spellings("gmail.com") == ("gmail.com",)
    assert get_spellings("eva@xn--mller-kva.example") == ("eva@xn--mller-kva.example", "eva@müller.example")
    assert get_spellings("a_b.example") == ("a_b.example",)


@given(LOCAL_PARTS, DOMAINS, st.dictionaries(DOMAINS, st.booleans(), max_size=3))
def test_looking_up_an_addresss_own_patterns_is_enough(local_part, domain, patterns):
    """What lets a batch of addresses be decided by one query."""
    email = f"{local_part}@{domain}"
    patterns = {**patterns, domain: False}
    mine = {pattern: patterns[pattern] for pattern in get_patterns(email) if pattern in patterns}
    assert is_excluded(email, mine) == is_excluded(email, patterns)
    del patterns[domain]
    mine.pop(domain)
    assert is_excluded(email, mine) == is_excluded(email, patterns)


@given(st.text(max_size=100), st.text(max_size=60))
def test_nothing_that_a_message_says_stops_it(local_part, domain):
    get_patterns(f"{local_part}@{domain}")
    is_excluded(f"{local_part}@{domain}", {"gmail.com": True})


@given(LOCAL_PARTS, DOMAINS)
def test_an_address_and_its_domain_keep_it_out(local_part, domain):
    email = f"{local_part}@{domain}"
    for typed in (domain, f"@{domain.upper()}"):
        pattern = parse_pattern(typed)
        assert is_domain(pattern)
        assert is_excluded(email, {pattern: False})
        assert is_excluded(f"{local_part}@sub.{domain}", {pattern: True})
        assert not is_excluded(f"{local_part}@sub.{domain}", {pattern: False})


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_refused_with_a_pattern(typed):
    try:
        pattern = parse_pattern(typed)
    except PatternError as error:
        pattern = error.suggestion
    assert not pattern or parse_pattern(pattern) == pattern
