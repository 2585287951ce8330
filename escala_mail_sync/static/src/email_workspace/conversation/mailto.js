/**
 * Return the action that opens a draft to the address of a link.
 *
 * @param {string} href mailto:, RFC 6068
 * @returns {object}
 */
export function getMailtoAction(href) {
    const {pathname, searchParams} = new URL(href);
    let to = pathname;
    try {
        to = decodeURIComponent(pathname);
    } catch {
        // It has a "%" that encodes nothing: the person who writes sees it
    }
    return {
        type: "ir.actions.act_window",
        res_model: "escala.email.outgoing",
        views: [[false, "form"]],
        context: {
            default_to: to,
            default_subject: searchParams.get("subject") || "",
        },
    };
}
