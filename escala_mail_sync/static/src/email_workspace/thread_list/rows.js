/**
 * What tells conversations apart, one e-mail without a conversation too.
 *
 * @param {{id: number, thread_id: number | false}} row
 * @returns {number}
 */
export function getKey(row) {
    return row.thread_id || -row.id;
}

/**
 * Rows with a page of older ones below. A conversation comes again by an older e-mail when it goes on over two pages.
 *
 * @param {object[]} shown
 * @param {object[]} older
 * @returns {object[]}
 */
export function appendRows(shown, older) {
    const known = new Set(shown.map(getKey));
    return [...shown, ...older.filter((row) => !known.has(getKey(row)))];
}

/**
 * Rows whose newest part has been read anew: what is not among them any more goes, what is older stays.
 *
 * @param {object[]} newest
 * @param {object[]} shown
 * @param {boolean} isAll whether there is nothing behind the newest part
 * @returns {object[]}
 */
export function renewRows(newest, shown, isAll) {
    if (isAll || !newest.length) {
        return newest;
    }
    const last = newest.at(-1);
    const isOlder = ({date, id}) => date < last.date || (date === last.date && id < last.id);
    return appendRows(newest, shown.filter(isOlder));
}

/**
 * Whether a row is of the conversation that is open, by whichever of its e-mails.
 *
 * @param {object} row
 * @param {{openId: number | false, conversation: object | false}} state
 * @returns {boolean}
 */
export function isOpenRow(row, {openId, conversation}) {
    if (row.id === openId || !openId) {
        return row.id === openId;
    }
    return Boolean(row.thread_id) && conversation?.thread_id === row.thread_id;
}
