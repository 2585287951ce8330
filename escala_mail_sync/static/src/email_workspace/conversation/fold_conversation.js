const SHOWN_BEFORE_AND_AFTER = 2; // E-mails that stay when a row of folded ones is put together
const ROW_WORTH_IT = 3;

/**
 * What is put together as "n older e-mails": the folded ones after the first, up to shortly before what is open.
 *
 * @param {{id: number}[]} emails oldest first
 * @param {Set<number>} unfolded ids
 * @returns {{start: number, end: number} | null} indexes, the end not included
 */
export function getOlder(emails, unfolded) {
    const firstOpen = emails.findIndex(({id}) => unfolded.has(id));
    const end = (firstOpen < 0 ? emails.length : firstOpen) - SHOWN_BEFORE_AND_AFTER + 1;
    return end - 1 >= ROW_WORTH_IT ? {start: 1, end} : null;
}
