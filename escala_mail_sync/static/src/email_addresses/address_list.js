/**
 * Lists of addresses as they stand in a header (RFC 5322, section 3.4): commas between them, names with special
 * characters in quotes. Semicolons and line breaks separate as well, as people copy lists from elsewhere.
 */

const PIECE = /(?:"(?:\\.|[^"\\])*"|[^",;\n\r\t])+/g;
const SPECIAL = /[()<>[\]:;@\\,."]/;
const BARE = /^[^\s@<>"]+@[^\s@<>"]+$/;

/**
 * @param {string} text
 * @returns {string[]} the addresses, with their names as they are written
 */
export function splitAddresses(text) {
    const pieces = (text.match(PIECE) || []).map((piece) => piece.trim());
    return pieces.flatMap(splitAtSpaces).filter(Boolean);
}

/**
 * @param {string} piece
 * @returns {string[]} several addresses with nothing but spaces between them one by one, all else as it is
 */
function splitAtSpaces(piece) {
    const words = piece.split(/\s+/);
    return words.every((word) => BARE.test(word)) ? words : [piece];
}

/**
 * @param {string} text addresses as they are shown to people, without quotes: names have commas, too
 * @returns {string[]} the addresses, with their names
 */
export function splitShownAddresses(text) {
    return (text || "").split(/(?<=@[^\s,]*), /);
}

/**
 * @param {string} name
 * @param {string} email
 * @returns {string}
 */
export function formatAddress(name, email) {
    if (!name || name === email) {
        return email;
    }
    const quoted = SPECIAL.test(name) ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
    return `${quoted} <${email}>`;
}

/**
 * @param {string} address
 * @returns {string} what to show of it: the name, or else the address itself
 */
export function getShownName(address) {
    const match = address.match(/^\s*(.*?)\s*<[^<>]*>\s*$/);
    const name = match ? match[1].replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1") : "";
    return name || getEmail(address);
}

/**
 * @param {string} address
 * @returns {string} the address without the name
 */
export function getEmail(address) {
    const match = address.match(/<([^<>]*)>\s*$/);
    return (match ? match[1] : address).trim();
}

/**
 * @param {string} address
 * @returns {boolean} whether mail can be sent there, as far as its form tells
 */
export function isAddress(address) {
    return BARE.test(getEmail(address));
}

/**
 * @param {string[]} addresses
 * @returns {string[]} each of them once, by the address, as it is written first
 */
export function withoutDuplicates(addresses) {
    const byEmail = new Map();
    for (const address of addresses) {
        const email = getEmail(address).toLowerCase();
        if (!byEmail.has(email)) {
            byEmail.set(email, address);
        }
    }
    return [...byEmail.values()];
}
