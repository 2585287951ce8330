import {Component, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {makeFrameDocument} from "./frame_document";
import {useService} from "@web/core/utils/hooks";

const HIGHEST = 30000; // Pixels; what grows with its frame would never end
const SCROLL_BAR = 18; // Pixels

/**
 * The body of an e-mail in a frame of its own, as high as what is in it.
 *
 * Its origin is ours only so that its height can be read from here: scripts it may run none.
 */
export class EmailFrame extends Component {
    static template = "escala_mail_sync.EmailFrame";
    static props = {
        html: String,
        withRemoteImages: Boolean,
        title: String,
        onMailto: Function,
    };

    setup() {
        this.frame = useRef("frame");
        this.hotkey = useService("hotkey");
        this.observer = new ResizeObserver(() => this.fit());
        useEffect(
            (frame) => {
                const onLoad = () => this.onLoad();
                frame.addEventListener("load", onLoad);
                frame.srcdoc = this.source;
                return () => frame.removeEventListener("load", onLoad);
            },
            () => [this.frame.el, this.props.html, this.props.withRemoteImages]
        );
        onWillUnmount(() => this.observer.disconnect());
    }

    get source() {
        return makeFrameDocument(this.props.html, {
            withRemoteImages: this.props.withRemoteImages,
            origin: window.location.origin,
            quotedLabel: _t("Show quoted text"),
        });
    }

    onLoad() {
        const doc = this.frame.el.contentDocument;
        this.observer.disconnect();
        this.observer.observe(doc.body);
        doc.addEventListener("click", (ev) => this.onClick(ev));
        this.hotkey.registerIframe(this.frame.el);
        this.fit();
    }

    fit() {
        const frame = this.frame.el;
        const {body, documentElement} = frame.contentDocument;
        const bar = documentElement.scrollWidth > documentElement.clientWidth ? SCROLL_BAR : 0;
        const height = Math.ceil(body.getBoundingClientRect().height) + bar;
        frame.style.height = `${Math.min(height, HIGHEST)}px`;
    }

    onClick(ev) {
        const link = ev.target.closest("a[href^='mailto:' i]");
        if (link) {
            ev.preventDefault();
            this.props.onMailto(link.getAttribute("href"));
        }
    }
}
