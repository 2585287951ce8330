/**
 * Lists of addresses as they stand in a header (RFC 5322, section 3.4): commas between them, names with special
 * characters in quotes.
 */

const PIECE = /(?:"(?:\\.|[^"\\])*"|[^",;])+/g;
const SPECIAL = /[()<>[\]:;@\\,."]/;

/**
 * @param {String} text
 * @returns {String[]} the addresses, with their names as they are written
 */
export function splitAddresses(text) {
    return (text.match(PIECE) || []).map((piece) => piece.trim()).filter(Boolean);
}

/**
 * @param {String} name
 * @param {String} email
 * @returns {String}
 */
export function formatAddress(name, email) {
    if (!name || name === email) {
        return email;
    }
    const quoted = SPECIAL.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
    return `${quoted} <${email}>`;
}

/**
 * @param {String} address
 * @returns {String} what to show of it: the name, or else the address itself
 */
export function getShownName(address) {
    const match = address.match(/^\s*(.*?)\s*<[^<>]*>\s*$/);
    const name = match ? match[1].replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1") : "";
    return name || address.replace(/^<(.*)>$/, "$1");
}

/**
 * @param {String} address
 * @returns {Boolean} whether mail can be sent there, as far as its form tells
 */
export function isAddress(address) {
    const match = address.match(/<([^<>]*)>\s*$/);
    return /^[^\s@<>]+@[^\s@<>]+$/.test(match ? match[1] : address);
}
