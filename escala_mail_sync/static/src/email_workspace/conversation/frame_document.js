/** From the HTML of an e-mail to the document that is shown of it. Pure DOM: knows nothing of Odoo. */

import {foldQuotedText} from "./quoted_text";

/** What a person may follow a link to. */
const FOLLOWED = /^\s*(https?|mailto|tel):/i;
/** What would fetch, run, send or lead away by itself. What Odoo lets through is left out here again. */
const LEFT_OUT =
    "script, style, link, meta, base, title, iframe, frame, frameset, object, embed, applet, form > input[type=image], audio, template, noscript, svg use";
const FETCHING = ["src", "poster", "background", "href", "xlink:href", "data", "action", "formaction"];
// Of several pictures of a srcset, the src is one; to tell the addresses in it apart is the browser's business.
const UNWANTED = ["ping", "autofocus", "srcset", "imagesrcset"];
const IMAGE_SETS = /(-webkit-)?image-set\([^;]*/gi;
const URLS_IN_STYLES = /url\(\s*["']?([^"')]*)["']?\s*\)/gi;
// White paper, in dark mode too: senders choose the colours of their text for it.
const STYLE = `
    :root { color-scheme: light; }
    html { overflow-x: auto; background: #fff; }
    body { display: flow-root; margin: 0; padding: 0 1px; color: #212529; overflow-wrap: break-word;
        font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif; }
    body > :first-child { margin-top: 0; }
    body > :last-child { margin-bottom: 0; }
    img { max-width: 100%; }
    img:not([height]) { height: auto; }
    pre { white-space: pre-wrap; }
    blockquote { margin: 0 0 0 .5rem; padding-inline-start: .75rem; border-inline-start: 2px solid #ced4da; }
    details > summary { display: inline-block; margin: .5rem 0; padding: 0 .5rem; border-radius: .5rem;
        background: #e9ecef; color: #495057; cursor: pointer; font-size: .75rem; line-height: 1.25rem; list-style: none; }
    details > summary::-webkit-details-marker { display: none; }
    details > summary:focus-visible { outline: 2px solid #017e84; }
`;

/**
 * Return the source of a document that neither runs scripts nor fetches anything from elsewhere.
 *
 * It is for an iframe whose `sandbox` allows no scripts; the Content-Security-Policy is what keeps it from fetching
 * (W3C, Content Security Policy Level 3), and what it is made of is cleaned as well.
 *
 * @param {string} html of the e-mail
 * @param {object} options
 * @param {boolean} options.withRemoteImages
 * @param {string} options.origin of this page, from which come images that are files of the e-mail
 * @param {string} options.quotedLabel what opens the quoted text, in words; empty to leave it unfolded
 * @returns {string}
 */
export function makeFrameDocument(html, {withRemoteImages, origin, quotedLabel}) {
    const doc = new DOMParser().parseFromString(html, "text/html");
    doc.querySelectorAll(LEFT_OUT).forEach((element) => element.remove());
    for (const element of doc.body.querySelectorAll("*")) {
        cleanAttributes(element, origin);
    }
    if (quotedLabel) {
        foldQuotedText(doc, quotedLabel);
    }
    const direction = doc.body.getAttribute("dir") || "auto";
    return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${getPolicy(withRemoteImages, origin)}">
<meta name="referrer" content="no-referrer"><base target="_blank"><style>${STYLE}</style></head>
<body dir="${direction === "rtl" || direction === "ltr" ? direction : "auto"}">${doc.body.innerHTML}</body></html>`;
}

function getPolicy(withRemoteImages, origin) {
    const images = `${origin}/web/image/ data:${withRemoteImages ? " http: https:" : ""}`;
    return `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`;
}

function cleanAttributes(element, origin) {
    for (const {name} of [...element.attributes]) {
        if (name.startsWith("on") || UNWANTED.includes(name)) {
            element.removeAttribute(name);
        }
    }
    if (element.matches("a, area")) {
        cleanLink(element);
        return;
    }
    for (const name of FETCHING) {
        if (isOwnPage(element.getAttribute(name), origin)) {
            element.removeAttribute(name);
        }
    }
    const style = element.getAttribute("style");
    if (style) {
        const cleaned = style
            .replace(IMAGE_SETS, "none")
            .replace(URLS_IN_STYLES, (all, url) => (isOwnPage(url, origin) ? "none" : all));
        element.setAttribute("style", cleaned);
    }
}

function cleanLink(link) {
    if (!FOLLOWED.test(link.getAttribute("href") || "")) {
        link.removeAttribute("href");
    }
    link.removeAttribute("xlink:href");
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
}

/** An image that is a page of Odoo would be fetched as the reader, who has not asked for it: /web/session/logout */
function isOwnPage(url, origin) {
    if (!url) {
        return false;
    }
    try {
        const {origin: place, pathname} = new URL(url.trim(), origin);
        return place === origin && !pathname.startsWith("/web/image/");
    } catch {
        return false;
    }
}
