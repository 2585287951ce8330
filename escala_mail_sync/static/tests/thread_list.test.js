import {appendRows, getKey, isOpenRow, renewRows} from "@escala_mail_sync/email_workspace/thread_list/rows";
import {describe, expect, test} from "@odoo/hoot";
import {getColor, getInitials} from "@escala_mail_sync/email_workspace/thread_list/initials";
import {Selection, getTickedIds, isAllTicked} from "@escala_mail_sync/email_workspace/thread_list/selection";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {formatCount} from "@escala_mail_sync/email_workspace/format_count";
import {getMailboxState} from "@escala_mail_sync/email_workspace/sidebar/mailbox_state";
import {getShortDate} from "@escala_mail_sync/email_workspace/thread_list/short_date";

describe.current.tags("headless");

const {DateTime} = luxon;

function row(id, date = "2026-10-01 10:00:00", threadId = id) {
    return {id, date, thread_id: threadId};
}

const ids = (rows) => rows.map(({id}) => id);

test("dates are as short as can be: the time, the day, or the date", () => {
    const read = (text) => DateTime.fromISO(text, {locale: "en-GB", zone: "utc"});
    const at = (text) => getShortDate(read(text), read("2026-10-09T12:00"));
    expect(at("2026-10-09T08:05")).toBe("08:05");
    expect(at("2026-10-08T23:59")).toBe("8 Oct");
    expect(at("2025-12-31T12:00")).toBe("31/12/2025");
});

test("initials are of the first and last word", () => {
    expect(getInitials("Ana María Llamazares")).toBe("AL");
    expect(getInitials("ana@llamazares.example")).toBe("A");
    expect(getInitials("Óscar (Ventas)")).toBe("ÓV");
    expect(getInitials("山田 花子")).toBe("山花");
    expect(getInitials("--")).toBe("?");
});

test("the same person has the same colour", () => {
    expect(getColor("Ana")).toBe(getColor("Ana"));
    expect(getColor("Ana")).not.toBe(getColor("Eva"));
    expect(getColor("")).toBe(1);
});

test("counts have no more than three characters", () => {
    expect(formatCount(99)).toBe("99");
    expect(formatCount(100)).toBe("99+");
});

test("a conversation that comes again on the next page is left out there", () => {
    const rows = appendRows([row(9, undefined, 1), row(8)], [row(7, undefined, 1), row(6)]);
    expect(ids(rows)).toEqual([9, 8, 6]);
});

test("e-mails without a conversation are not taken for one", () => {
    expect(getKey(row(9, undefined, false))).not.toBe(getKey(row(9)));
    expect(ids(appendRows([row(9, undefined, false)], [row(8, undefined, false)]))).toEqual([9, 8]);
});

test("what is new comes on top, and what was below stays", () => {
    const shown = [row(3, "2026-10-03"), row(2, "2026-10-02"), row(1, "2026-10-01")];
    const newest = [row(4, "2026-10-04"), row(3, "2026-10-03")];
    expect(ids(renewRows(newest, shown, false))).toEqual([4, 3, 2, 1]);
});

test("what is not there any more goes", () => {
    const shown = [row(3, "2026-10-03"), row(2, "2026-10-02"), row(1, "2026-10-01")];
    expect(ids(renewRows([row(3, "2026-10-03"), row(1, "2026-10-01")], shown, false))).toEqual([3, 1]);
    expect(ids(renewRows([row(3, "2026-10-03")], shown, true))).toEqual([3]);
    expect(renewRows([], shown, true)).toEqual([]);
});

test("a conversation with a new e-mail moves up and is there once", () => {
    const shown = [row(3, "2026-10-03", 30), row(2, "2026-10-02", 20), row(1, "2026-10-01", 10)];
    const rows = renewRows([row(4, "2026-10-04", 10), row(3, "2026-10-03", 30)], shown, false);
    expect(ids(rows)).toEqual([4, 3, 2]);
});

test("the open conversation is known by whichever of its e-mails", () => {
    const state = {openId: 3, conversation: {thread_id: 30}};
    expect(isOpenRow(row(4, undefined, 30), state)).toBe(true);
    expect(isOpenRow(row(2, undefined, 20), state)).toBe(false);
    expect(isOpenRow(row(2, undefined, false), {openId: 3, conversation: {thread_id: false}})).toBe(false);
    expect(isOpenRow(row(4), {openId: false, conversation: false})).toBe(false);
});

test("with the Shift key all between are ticked", () => {
    const state = {threads: [row(5), row(4), row(3), row(2)], selected: new Set()};
    const selection = new Selection(state);
    selection.toggle(2);
    selection.toggle(4, true);
    expect(getTickedIds(state)).toEqual([4, 3, 2]);
    selection.toggle(3, true);
    expect(getTickedIds(state)).toEqual([2]);
});

test("the first tick may come with the Shift key", () => {
    const state = {threads: [row(5), row(4)], selected: new Set()};
    new Selection(state).toggle(4, true);
    expect(getTickedIds(state)).toEqual([4]);
});

test("all that is shown is ticked at once, and what has gone is not", () => {
    const state = {threads: [row(5), row(4)], selected: new Set([1])};
    const selection = new Selection(state);
    expect(getTickedIds(state)).toEqual([]);
    selection.toggleAll();
    expect(isAllTicked(state)).toBe(true);
    selection.toggleAll();
    expect(getTickedIds(state)).toEqual([]);
});

test("the dot of a mailbox tells its error in words", () => {
    allowTranslations();
    const connected = {state: "connected", error: false, is_reading: false};
    expect(getMailboxState(connected).label.toString()).toBe("Connected");
    expect(getMailboxState({...connected, is_reading: true}).label.toString()).toBe("Being read");
    expect(getMailboxState({...connected, state: "error", error: "Wrong password"}).label.toString()).toBe(
        "Error: Wrong password"
    );
    expect(getMailboxState({...connected, state: "draft"}).label.toString()).toBe("Not connected");
});

test("ticks and cursor stay at their conversations when new mail changes the rows", () => {
    const state = {
        threads: [row(3, undefined, 30), row(2, undefined, 20), row(1, undefined, 10)],
        selected: new Set([3, 1]),
        cursorId: 1,
    };
    const selection = new Selection(state);
    const rows = [row(4, undefined, 10), row(2, undefined, 20)];
    selection.follow(rows);
    state.threads = rows;
    expect(getTickedIds(state)).toEqual([4]);
    expect([...state.selected]).toEqual([4]);
    expect(state.cursorId).toBe(4);
});

test("what came in the same second as the last row that is renewed stays", () => {
    const date = "2026-10-01 10:00:00";
    const shown = [row(3, date), row(2, date), row(1, date)];
    expect(ids(renewRows([row(3, date), row(2, date)], shown, false))).toEqual([3, 2, 1]);
});
