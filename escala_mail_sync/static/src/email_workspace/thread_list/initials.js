const COLORS = 11; // Of Odoo's, `$o-colors`, without the first, which is white; see thread_list.scss

/**
 * @param {string} name or address
 * @returns {string} the first letters of its first and last word, or a question mark
 */
export function getInitials(name) {
    const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'.@-]*/gu) || [];
    const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
    return letters.map((word) => Array.from(word)[0].toUpperCase()).join("") || "?";
}

/**
 * The same for the same person each time.
 *
 * @param {string} name or address
 * @returns {number} of one of Odoo's colours
 */
export function getColor(name) {
    let sum = 0;
    for (const letter of name) {
        sum = (31 * sum + letter.codePointAt(0)) % 997;
    }
    return 1 + (sum % COLORS);
}
