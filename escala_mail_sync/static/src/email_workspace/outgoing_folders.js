const OUTGOING_FOLDERS = ["drafts", "scheduled"];

/**
 * Whether in a folder is what somebody is writing or has sent off, and not mail that came in or went out.
 *
 * @param {string} folder
 * @returns {boolean}
 */
export function isOutgoingFolder(folder) {
    return OUTGOING_FOLDERS.includes(folder);
}
