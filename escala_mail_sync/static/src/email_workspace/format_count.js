const MOST = 99;

/**
 * A number in few characters, so that it is never cut off.
 *
 * @param {number} count
 * @returns {string}
 */
export function formatCount(count) {
    return count > MOST ? `${MOST}+` : String(count);
}
