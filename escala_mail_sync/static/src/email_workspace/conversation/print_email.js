import {makeFrameDocument} from "./frame_document";

/**
 * Print an e-mail, and nothing around it.
 *
 * In a frame that may ask for the printer and still runs no scripts (HTML Standard, sandbox, allow-modals).
 *
 * @param {{subject: string, lines: string[], html: string, withRemoteImages: boolean}} email
 */
export function printEmail({subject, lines, html, withRemoteImages}) {
    const head = document.createElement("div");
    const title = head.appendChild(document.createElement("h2"));
    title.textContent = subject;
    for (const line of lines) {
        head.appendChild(document.createElement("div")).textContent = line;
    }
    head.append(document.createElement("hr"));
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-same-origin allow-modals");
    frame.className = "visually-hidden";
    frame.srcdoc = makeFrameDocument(head.outerHTML + html, {
        withRemoteImages,
        origin: window.location.origin,
        quotedLabel: "",
    });
    frame.addEventListener("load", () => {
        frame.contentWindow.addEventListener("afterprint", () => frame.remove());
        frame.contentWindow.print();
    });
    document.body.append(frame);
}
