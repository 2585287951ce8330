/**
 * Return the action that opens a draft to the address of a link.
 *
 * @param {string} href mailto:, RFC 6068
 * @returns {object}
 */
export function getMailtoAction(href) {
    const {pathname, search} = new URL(href);
    const fields = {};
    for (const each of search.slice(1).split("&")) {
        const [name, ...value] = each.split("=");
        fields[name.toLowerCase()] = decode(value.join("="));
    }
    return {
        type: "ir.actions.act_window",
        res_model: "escala.email.outgoing",
        views: [[false, "form"]],
        context: {
            default_to: [decode(pathname), fields.to].filter(Boolean).join(", "),
            default_cc: fields.cc || "",
            default_subject: fields.subject || "",
        },
    };
}

/** A "+" is a plus there (RFC 6068, section 5). */
function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // It has a "%" that encodes nothing: the person who writes sees it
    }
}
