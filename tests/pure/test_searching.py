"""What people type into the search box, and the words that e-mails are found by."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escala_mail_sync.searching import make_tsquery, make_tsvector, parse_query
from escala_mail_sync.searching.words import MAX_WORDS, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Presupuesto: 1.200 €", ["presupuesto", "1", "200"]),
        ("Señor CAMIÓN", ["senor", "camion"]),
        ("ana.ruiz@cliente.example", ["ana", "ruiz", "cliente", "example"]),
        ("Straße", ["strasse"]),
        ("見積書", ["見", "積", "書"]),
        ("under_score", ["under", "score"]),
        (" …!? ", []),
    ],
)
def test_words_have_no_accents_and_no_case(text, words):
    assert split_words(text) == words


def test_a_word_knows_in_which_parts_it_stands():
    assert make_tsvector({"from": "Ana", "subject": "Ana's café"}) == "'ana':1A,1C 'cafe':1C 's':1C"


def test_the_words_of_the_head_are_kept_when_a_body_has_too_many():
    vector = make_tsvector({"from": "ana", "subject": "oferta", "body": " ".join(map(str, range(10_000)))})
    assert "'ana':1A" in vector
    assert "'oferta':1C" in vector
    assert len(vector.split()) == MAX_WORDS


def test_words_are_found_by_their_beginnings():
    assert make_tsquery("Café ana") == "'cafe':* & 'ana':*"
    assert make_tsquery("Café ana", "from") == "'cafe':*A & 'ana':*A"
    assert make_tsquery("Café", exact=True) == "'cafe'"


@pytest.mark.parametrize(
    ("typed", "tsqueries"),
    [
        ("oferta tejas", ("'oferta':*", "'tejas':*")),
        ("from:ana oferta", ("'ana':*A", "'oferta':*")),
        ("de:ana para:iker", ("'ana':*A", "'iker':*B")),
        ('to:"ana ruiz"', ("'ana':*B & 'ruiz':*B",)),
        ("asunto:oferta", ("'oferta':*C",)),
        ('"oferta"', ("'oferta'",)),
        ("10:30", ("'10':* & '30':*",)),
        ("RE:oferta", ("'re':* & 'oferta':*",)),
        ("from:", ("'from':*",)),
        ("has:nothing", ("'has':* & 'nothing':*",)),
        ("before:tomorrow", ("'before':* & 'tomorrow':*",)),
    ],
)
def test_what_is_no_operator_is_words(typed, tsqueries):
    assert parse_query(typed).tsqueries == tsqueries


def test_files_and_days():
    query = parse_query("has:attachment after:2026-04-01 before:31/12/2026")
    assert (query.has_attachment, query.after, query.before) == (True, date(2026, 4, 1), date(2026, 12, 31))
    assert not query.tsqueries
    assert parse_query("-tiene:adjunto").has_attachment is False


def test_what_is_not_wanted():
    query = parse_query("oferta -from:ana")
    assert query.tsqueries == ("'oferta':*",)
    assert query.excluded == ("'ana':*A",)


@pytest.mark.parametrize("typed", ["", "  ", "...", '""', "-"])
def test_nothing_is_no_search_for_everything(typed):
    assert parse_query(typed).is_empty


@given(st.text())
def test_nothing_that_is_typed_breaks_it(typed):
    query = parse_query(typed)
    for tsquery in (*query.tsqueries, *query.excluded):
        assert tsquery.count("'") % 2 == 0
        assert "\\" not in tsquery
