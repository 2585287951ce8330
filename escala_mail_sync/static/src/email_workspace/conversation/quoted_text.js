/**
 * Finds in an e-mail what is quoted of earlier ones, and folds it. Pure DOM: knows nothing of Odoo.
 *
 * Mail programs mark quotations each in their own way, none of them written down in a standard: by classes and ids
 * (Gmail, Yahoo, Outlook on the web), as a block with the headers of the earlier e-mail (Outlook), as a quotation
 * after a line that says who wrote (Apple Mail, Thunderbird), or by a ">" before each line (RFC 3676, section 4.5).
 */

/** Elements that hold a quotation whole. */
const WRAPPERS = [
    ".gmail_quote_container",
    ".gmail_quote",
    ".o_escala_quoted",
    ".yahoo_quoted",
    ".protonmail_quote",
].join();
/** Elements after which everything is quoted. */
const DIVIDERS = [
    "#divRplyFwdMsg",
    "#appendonsend",
    "#mail-editor-reference-message-container",
    "#OLK_SRC_BODY_SECTION",
].join();
const BLOCKS = new Set(
    "ADDRESS ARTICLE BLOCKQUOTE BODY CENTER DD DIV DL DT FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P PRE SECTION TABLE TBODY TD TH TR UL".split(
        " "
    )
);
/** Outlook's block of headers: from whom, and when. */
const HEADERS =
    /^\s*(from|de|von|da|van|fra|från)\s*:[^]{1,300}?\b(sent|date|enviado( el)?|fecha|gesendet|datum|envoyé|date d.envoi|inviato|data|verzonden)\s*:/i;
const ORIGINAL =
    /^\s*-{2,}\s*(original message|mensaje original|mensagem original|message d.origine|messaggio originale|ursprüngliche nachricht)\s*-{2,}/i;
/** The line before a quotation. */
const INTRODUCTION =
    /(wrote|writes|escribió|escribía|escreveu|schrieb|a écrit|ha scritto|schreef|skrev|idatzi du|va escriure)[^:\n]{0,120}:?\s*$/i;
const LONGEST_INTRODUCTION = 400;
const LONGEST_HEADERS = 1500;
/** Something that is passed on is what the e-mail is about. */
const FORWARDED = /^\s*(-{2,}|begin forwarded message)/i;
const SHOWN_WITHOUT_TEXT = "img, video, hr";

/**
 * Put what a document quotes of earlier e-mails into a `<details>`, unless nothing else would be left.
 *
 * @param {Document} doc is changed
 * @param {string} label what opens it, in words
 * @returns {boolean} whether there is something quoted
 */
export function foldQuotedText(doc, label) {
    const range = findQuotedText(doc);
    if (!range || isEmptyBefore(doc, range) || isForwarded(range)) {
        return false;
    }
    const details = doc.createElement("details");
    const summary = doc.createElement("summary");
    summary.textContent = "•••";
    summary.title = label;
    summary.setAttribute("aria-label", label);
    details.append(summary, range.extractContents());
    range.insertNode(details);
    return true;
}

/**
 * @param {Document} doc
 * @returns {Range | null} from the beginning to the end of the quotation that comes first
 */
export function findQuotedText(doc) {
    const found = [findWrapper, findDivider, findLastBlockquote, findQuotedLines]
        .map((find) => find(doc))
        .filter(Boolean);
    found.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other));
    return found[0] || null;
}

function isForwarded(range) {
    const text = range.toString();
    return FORWARDED.test(text) && !ORIGINAL.test(text);
}

function findWrapper(doc) {
    const wrapper = doc.body.querySelector(WRAPPERS);
    return wrapper && makeRange(findIntroduction(wrapper) || wrapper, wrapper);
}

function findDivider(doc) {
    const divider = doc.body.querySelector(DIVIDERS) || findHeaders(doc);
    return divider && makeRange(divider, doc.body.lastChild);
}

function findHeaders(doc) {
    return [...doc.body.querySelectorAll("div, p")].find((block) => {
        if (block.textContent.length > LONGEST_HEADERS) {
            return false;
        }
        const text = getLines(block).map((line) => line.text).join("\n");
        return HEADERS.test(text) || ORIGINAL.test(text);
    });
}

/** Replies between the quotations stay readable: only one at the end is taken for what need not be read. */
function findLastBlockquote(doc) {
    const all = [...doc.body.querySelectorAll("blockquote")];
    const last = all.filter((each) => !each.parentElement.closest("blockquote")).at(-1);
    if (!last || !isEmpty(makeRangeAfter(doc, last))) {
        return null;
    }
    const introduction = findIntroduction(last);
    const isQuotation = introduction || last.getAttribute("type") === "cite" || last.hasAttribute("cite");
    return isQuotation ? makeRange(introduction || last, last) : null;
}

function findQuotedLines(doc) {
    const lines = getLines(doc.body).filter(({text}) => text.trim());
    let first = lines.length;
    while (first > 0 && lines[first - 1].text.trimStart().startsWith(">")) {
        first -= 1;
    }
    if (first === lines.length) {
        return null;
    }
    // The line that says who wrote may be wrapped
    for (const count of [1, 2]) {
        const before = lines.slice(Math.max(first - count, 0), first);
        if (INTRODUCTION.test(before.map(({text}) => text).join(" "))) {
            return makeRange(before[0].node, doc.body.lastChild);
        }
    }
    return makeRange(lines[first].node, doc.body.lastChild);
}

/**
 * The node with which the line begins that says who wrote what is quoted, if it stands right before.
 *
 * @param {Element} quotation
 * @returns {Node | null}
 */
function findIntroduction(quotation) {
    let node = getPrevious(quotation);
    while (node && isBlank(node)) {
        node = getPrevious(node);
    }
    if (!node) {
        return null;
    }
    if (isBlock(node)) {
        const isNamed = node.classList.contains("moz-cite-prefix");
        return isNamed || isIntroduction(node.textContent) ? node : null;
    }
    let text = "";
    let start = node;
    for (let each = node; each && !isBlock(each) && each.nodeName !== "BR"; each = each.previousSibling) {
        text = each.textContent + text;
        start = each;
    }
    return isIntroduction(text) ? start : null;
}

function isIntroduction(text) {
    return text.length <= LONGEST_INTRODUCTION && INTRODUCTION.test(text.trim());
}

/** What stands before a node: beside it, or beside what it is the beginning of. */
function getPrevious(node) {
    let each = node;
    while (each && !each.previousSibling && each.parentNode?.nodeName !== "BODY") {
        each = each.parentNode;
    }
    return each?.previousSibling || null;
}

/**
 * @param {Element} root
 * @returns {{node: Node, text: string}[]} lines as they are seen, each with the text node that it begins with
 */
function getLines(root) {
    const lines = [];
    let line = null;
    const visit = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            if (line) {
                line.text += node.data;
            } else if (node.data.trim()) {
                line = {node, text: node.data};
                lines.push(line);
            }
            return;
        }
        const ends = isBlock(node) || node.nodeName === "BR";
        line = ends ? null : line;
        node.childNodes.forEach(visit);
        line = ends ? null : line;
    };
    visit(root);
    return lines;
}

function isBlock(node) {
    return BLOCKS.has(node.nodeName);
}

function isBlank(node) {
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(SHOWN_WITHOUT_TEXT)) {
        return false;
    }
    return !node.textContent.trim() && !node.querySelector?.(SHOWN_WITHOUT_TEXT);
}

function makeRange(first, last) {
    const range = first.ownerDocument.createRange();
    range.setStartBefore(first);
    range.setEndAfter(last);
    return range;
}

function makeRangeAfter(doc, node) {
    const range = doc.createRange();
    range.setStartAfter(node);
    range.setEndAfter(doc.body.lastChild);
    return range;
}

function isEmptyBefore(doc, range) {
    const before = doc.createRange();
    before.setStart(doc.body, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return isEmpty(before);
}

function isEmpty(range) {
    return isBlank(range.cloneContents());
}
