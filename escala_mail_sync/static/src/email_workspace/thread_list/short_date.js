const {DateTime} = luxon;

/**
 * When it was, as short as it can be said: the time of today, the day of this year, else the date.
 *
 * @param {luxon.DateTime} date
 * @param {luxon.DateTime} [now]
 * @returns {string} in the language of the user
 */
export function getShortDate(date, now = DateTime.local()) {
    if (date.hasSame(now, "day")) {
        return date.toLocaleString(DateTime.TIME_SIMPLE);
    }
    if (date.hasSame(now, "year")) {
        return date.toLocaleString({day: "numeric", month: "short"});
    }
    return date.toLocaleString(DateTime.DATE_SHORT);
}

/**
 * The same with the time, where there is place for it.
 *
 * @param {luxon.DateTime} date
 * @param {luxon.DateTime} [now]
 * @returns {string} in the language of the user
 */
export function getShortDateAndTime(date, now = DateTime.local()) {
    if (date.hasSame(now, "day")) {
        return getShortDate(date, now);
    }
    return date.toLocaleString(
        date.hasSame(now, "year")
            ? {day: "numeric", month: "short", hour: "numeric", minute: "2-digit"}
            : DateTime.DATETIME_SHORT
    );
}

/**
 * The whole of it, for who wants to know.
 *
 * @param {luxon.DateTime} date
 * @returns {string} in the language of the user
 */
export function getFullDate(date) {
    return date.toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY);
}
