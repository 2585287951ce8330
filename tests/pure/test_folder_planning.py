"""Which UIDs are asked for, in how many commands. Against a real server: tests/imap."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escala_mail_sync.imap.errors import MailboxError
from escala_mail_sync.imap.folder_sync import (
    SEARCH_SPAN,
    FetchedHeader,
    FolderCursor,
    HeaderBatch,
    fetch_bodies,
    new_headers,
    next_span,
    plan_bodies,
)
from escala_mail_sync.imap.history import HistoryWindow, history_headers
from escala_mail_sync.imap.session import FolderStatus


class FakeFolder:
    """A session that has opened a folder with these UIDs; for folders too large to fill in a test."""

    def __init__(self, uids, uidnext=None, uidvalidity=1):
        self.uids = sorted(uids)
        self.status = FolderStatus(uidvalidity, uidnext or max(self.uids, default=0) + 1, len(self.uids), 7)
        self.is_gmail, self.folder, self.unserved = False, "INBOX", {}
        self.fetched, self.searches, self.largest_answer = [], 0, 0

    def search(self, criteria):
        if ":" not in criteria[1]:
            return [uid for uid in map(int, criteria[1].split(",")) if uid in self.uids]
        first, last = map(int, criteria[1].split(":"))
        found = [uid for uid in self.uids if first <= uid <= last]
        self.searches += 1
        self.largest_answer = max(self.largest_answer, len(found))
        return found

    def fetch(self, uids, items):
        self.fetched.append(list(uids))
        there = set(self.uids).intersection(uids)
        date = datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
        known = {b"FLAGS": (b"\\Seen", b"\\Recent"), b"RFC822.SIZE": 9, b"INTERNALDATE": date}
        return {uid: {**known, b"BODY[HEADER.FIELDS (FROM)]": b"", b"BODY[]": b"x"} for uid in there}


def read(folder, cursor=None, batch_size=200):
    return list(new_headers(folder, folder.status, cursor or FolderCursor(), batch_size))


@settings(max_examples=60)
@given(
    st.sets(st.integers(1, 60_000), max_size=60),
    st.integers(0, 60_000),
    st.integers(1, 20),
    st.integers(1, 1000),
)
def test_every_new_message_once_and_in_order(uids, high_uid, batch_size, beyond):
    folder = FakeFolder(uids, uidnext=max(uids, default=0) + beyond)
    batches = read(folder, FolderCursor(1, high_uid), batch_size)
    found = [header.uid for batch in batches for header in batch.headers]
    assert found == sorted(uid for uid in uids if uid > high_uid)
    assert all(len(batch.headers) <= batch_size for batch in batches)
    if batches:
        assert batches[-1].cursor.high_uid == folder.status.uidnext - 1


def test_dense_folder_of_a_hundred_thousand():
    folder = FakeFolder(range(1, 100_001))
    batches = new_headers(folder, folder.status, FolderCursor())
    assert [header.uid for header in next(batches).headers] == list(range(1, 201))
    assert folder.searches == 1
    assert folder.largest_answer == SEARCH_SPAN


def test_sparse_folder_costs_few_searches():
    folder = FakeFolder([*range(1, 20_000), *range(2_000_000_000, 2_000_000_050)])
    assert sum(len(batch.headers) for batch in read(folder)) == 20_049
    assert folder.searches < 15


def test_small_folder_takes_one_search():
    folder = FakeFolder([5, 4_000_000_000])
    read(folder)
    assert folder.searches == 1


def test_span_grows_while_empty_and_shrinks_when_not():
    assert next_span(SEARCH_SPAN, 0) == SEARCH_SPAN * 8
    assert next_span(SEARCH_SPAN * 64, 50_000) == SEARCH_SPAN


def test_first_look_takes_all_for_history():
    assert FolderCursor.at(FakeFolder([1, 2], uidvalidity=2).status) == FolderCursor(2, 2, 3)
    assert FolderCursor.at(FakeFolder([]).status) == FolderCursor(1, 0, 1)


@settings(max_examples=60)
@given(
    st.sets(st.integers(1, 60_000), max_size=60),
    st.integers(1, 60_000),
    st.integers(1, 20),
)
def test_history_once_and_newest_first(uids, history_uid, batch_size):
    folder = FakeFolder(uids)
    cursor = FolderCursor(1, folder.status.uidnext - 1, history_uid)
    batches = list(history_headers(folder, folder.status, cursor, HistoryWindow(), batch_size))
    found = [header.uid for batch in batches for header in batch.headers]
    assert found == sorted((uid for uid in uids if uid < history_uid), reverse=True)
    reached = [batch.cursor.history_uid for batch in batches]
    assert reached == sorted(set(reached), reverse=True)
    if history_uid > 1:
        assert reached[-1] == 1


def test_history_goes_on_from_any_batch():
    folder = FakeFolder(range(1, 26))
    first = next(history_headers(folder, folder.status, FolderCursor(1, 25, 26), HistoryWindow(), 10))
    rest = history_headers(folder, folder.status, first.cursor, HistoryWindow(), 10)
    assert [header.uid for batch in rest for header in batch.headers] == list(range(15, 0, -1))


def test_history_of_a_hundred_thousand_is_searched_in_spans():
    folder = FakeFolder(range(1, 100_001))
    batches = history_headers(folder, folder.status, FolderCursor.at(folder.status), HistoryWindow())
    assert next(batches).headers[0].uid == 100_000
    assert folder.largest_answer == SEARCH_SPAN


def test_window_is_wider_by_a_day_for_the_time_zone_of_the_server():
    window = HistoryWindow(date(2026, 3, 1), date(2026, 4, 1))
    assert window.criteria() == ["SINCE", date(2026, 2, 28), "BEFORE", date(2026, 4, 2)]
    assert HistoryWindow().criteria() == []


def test_message_that_the_server_refuses_keeps_no_other_back():
    folder = FakeFolder(range(1, 33))
    fetch = folder.fetch

    def refuse(uids, items):
        if 13 in uids:
            raise MailboxError("server_error", "damaged")
        return fetch(uids, items)

    folder.fetch = refuse
    (batch,) = read(folder)
    assert [header.uid for header in batch.headers] == list(range(1, 33))
    assert [header.uid for header in batch.headers if header.refused == "damaged"] == [13]
    bodies = dict(fetch_bodies(folder, [header(uid, 1) for uid in range(1, 33)]))
    assert isinstance(bodies.pop(13), MailboxError)
    assert set(bodies.values()) == {b"x"}


@pytest.mark.parametrize(
    ("status", "continues"),
    [
        (FolderStatus(7, 11, 3, None), True),
        (FolderStatus(7, 15, 3, None), True),
        (FolderStatus(8, 11, 3, None), False),
        (FolderStatus(7, 10, 3, None), False),
        # the highest number of all is found out for it, and goes back when that message is deleted
        (FolderStatus(7, 10, 3, None, tells_uidnext=False), True),
    ],
)
def test_when_numbers_are_void(status, continues):
    assert status.continues(uidvalidity=7, high_uid=10) == continues


def test_nothing_new_fetches_nothing():
    folder = FakeFolder([1, 2])
    assert read(folder, FolderCursor(1, 2)) == []
    assert folder.fetched == []


def test_flags_and_dates():
    (batch,) = read(FakeFolder([1]))
    assert batch.headers == [FetchedHeader(1, ("\\Seen",), datetime(2024, 1, 1), 9, b"")]


def header(uid: int, size: int) -> FetchedHeader:
    return FetchedHeader(uid, (), None, size, b"")


def test_bodies_are_grouped_by_size():
    headers = [header(1, 40), header(2, 60), header(3, 1), header(4, 500), header(5, 1)]
    assert list(plan_bodies(headers, 100)) == [[1, 2], [3], [4], [5]]


def test_bodies_that_are_gone_are_left_out():
    assert list(fetch_bodies(FakeFolder([1, 3]), [header(1, 1), header(2, 1), header(3, 1)])) == [
        (1, b"x"),
        (3, b"x"),
    ]


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=30), st.integers(min_value=1, max_value=100))
@settings(max_examples=60)
def test_parts_of_a_batch_lose_nothing_and_stay_below_the_limit(sizes, limit):
    headers = [FetchedHeader(2 * number + 1, (), None, size, b"") for number, size in enumerate(sizes)]
    batch = HeaderBatch(FolderCursor(7, 1000), headers)
    parts = list(batch.split(limit))
    assert [header for part in parts for header in part.headers] == headers
    assert parts[-1].cursor == batch.cursor
    for part in parts:
        assert sum(header.size for header in part.headers) <= limit or len(part.headers) == 1
    for part in parts[:-1]:
        assert part.cursor == FolderCursor(7, part.headers[-1].uid)
