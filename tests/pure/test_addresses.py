"""Addresses as people and programs write them."""

import pytest

from escala_mail_sync.mime.addresses import (
    Address,
    get_name,
    names_another,
    parse_addresses,
    split_shown,
    split_shown_list,
)


def one(value: str) -> tuple[str, str]:
    (address,) = parse_addresses(value)
    return address.name, address.email


@pytest.mark.parametrize(
    ("value", "name", "email"),
    [
        ("ana@example.com", "", "ana@example.com"),
        ("Ana@Example.COM", "", "ana@example.com"),
        ("Ana Ruiz <ana@example.com>", "Ana Ruiz", "ana@example.com"),
        ('"Ruiz, Ana" <ana@example.com>', "Ruiz, Ana", "ana@example.com"),
        ('"Ana \\"la jefa\\" Ruiz" <ana@example.com>', 'Ana "la jefa" Ruiz', "ana@example.com"),
        ("ana@example.com (Ana Ruiz)", "Ana Ruiz", "ana@example.com"),
        ("Iker <iker(his desk)@example.com>", "Iker", "iker@example.com"),
        ("'Ana' <'ana@example.com'>", "Ana", "ana@example.com"),
        ("<mailto:ana@example.com>", "", "ana@example.com"),
        ("Ana <@relay.example:ana@example.com>", "Ana", "ana@example.com"),
        ("Ana <ana@example.com", "Ana", "ana@example.com"),
        ('"Ana <ana@example.com>', '"Ana', "ana@example.com"),
        ("Ana Ruiz ana@example.com", "Ana Ruiz", "ana@example.com"),
        ('"ana ruiz"@example.com', "", '"ana ruiz"@example.com'),
        ("José <josé@exámple.com>", "José", "josé@exámple.com"),
        ("=?utf-8?q?Jos=C3=A9_P=C3=A9rez?= <jose@example.com>", "José Pérez", "jose@example.com"),
        ('"=?utf-8?q?Jos=C3=A9?=" <jose@example.com>', "José", "jose@example.com"),
        ("=?utf-8?Q?Ruiz,_Ana?= <ana@example.com>", "Ruiz, Ana", "ana@example.com"),
        ("=?utf-8?q?Ana_=3Cana=40example=2Ecom=3E?=", "Ana", "ana@example.com"),
    ],
)
def test_one_address(value, name, email):
    assert one(value) == (name, email)


def test_address_in_the_name_is_not_the_sender():
    assert one("boss@corp.example <thief@evil.example>") == ("boss@corp.example", "thief@evil.example")


@pytest.mark.parametrize(
    ("name", "is_another"),
    [
        ("boss@corp.example", True),
        ("The Boss (BOSS@corp.example)", True),
        ("'boss@corp.example' via Forms", True),
        ("thief@evil.example", False),
        ("Thief [Thief@Evil.example].", False),
        ("The thief @ work", False),
        ("", False),
    ],
)
def test_a_name_that_is_the_address_of_another_is_told(name, is_another):
    assert names_another(name, "thief@evil.example") is is_another


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Ana Ruiz <ana@example.com>", "Ana Ruiz"),
        ("ana@example.com", "ana@example.com"),
        ("ana@example.com <ana@example.com>", "ana@example.com"),
        ("boss@corp.example <thief@evil.example>", "thief@evil.example"),
        ("Boss <boss@corp.example> <thief@evil.example>", "thief@evil.example"),
        ("boss＠corp.example <thief@evil.example>", "thief@evil.example"),
        ("boss﹫corp．example <thief@evil.example>", "thief@evil.example"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_name_to_show(shown, name):
    assert get_name(shown) == name


@pytest.mark.parametrize(
    ("shown", "name", "address"),
    [
        ("Ana Ruiz <ana@example.com>", "Ana Ruiz", "ana@example.com"),
        ("ana@example.com", "", "ana@example.com"),
        ("Boss <boss@corp.example> <thief@evil.example>", "", "thief@evil.example"),
        ("Jefe <de Obra> <jefe@example.com>", "Jefe <de Obra>", "jefe@example.com"),
        (None, "", ""),
    ],
)
def test_name_and_address_of_what_is_shown(shown, name, address):
    assert split_shown(shown) == (name, address)


def test_names_in_a_list_that_is_shown_may_have_commas():
    shown = 'Pérez, Juan <juan@z.example>, eva@y.example, A @ B, S.L. <a@b.example>, "l m"@x.example, Nadie'
    assert split_shown_list(shown) == [
        ("Pérez, Juan", "juan@z.example"),
        ("", "eva@y.example"),
        ("A @ B, S.L.", "a@b.example"),
        ("", '"l m"@x.example'),
        ("", "Nadie"),
    ]
    assert split_shown_list("") == split_shown_list(None) == []


def test_a_list_of_signs_takes_no_long_time():
    assert len(split_shown_list("@" * 100_000 + " ")) == 1


def test_several_addresses():
    found = parse_addresses('Ana <a@x.example>, "B, C" <b@x.example>; c@x.example,, d@x.example e@x.example')
    assert [address.email[0] for address in found] == ["a", "b", "c", "d", "e"]


def test_group_gives_its_members():
    assert parse_addresses("Team: Ana <a@x.example>, b@x.example;") == (
        Address("Ana", "a@x.example"),
        Address("", "b@x.example"),
    )


@pytest.mark.parametrize(
    "value",
    [
        "",
        "undisclosed-recipients:;",
        "Ana",
        "Ana <>",
        "<@>",
        "@example.com",
        "ana@",
        ",,;",
        '"Buzon" <>',
        "((((",
        "<<<<",
    ],
)
def test_no_address(value):
    assert parse_addresses(value) == ()


@pytest.mark.parametrize(
    "bait", ["(", '"', "<", '"\\', "=?a?q?", "<a", ":", "(a)", "a@b ", "=?", "\\", "<\"'"]
)
def test_cost_is_linear(bait):
    # quadratic, these would take minutes
    parse_addresses(bait * (100_000 // len(bait)))
