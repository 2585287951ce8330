import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** The frame with the text of an e-mail: as high as its text, since nothing in it runs that could say so. */
export class PortalEmailFrame extends Interaction {
    static selector = "iframe.o_escala_portal_email_frame";
    dynamicContent = {
        _root: {"t-on-load": () => this.fit()},
        _window: {"t-on-resize": () => this.fit()},
    };

    start() {
        this.fit();
    }

    fit() {
        const body = this.el.contentDocument?.body;
        if (body && body.childNodes.length) {
            this.el.style.height = "0";
            this.el.style.height = `${this.el.contentDocument.documentElement.scrollHeight + 4}px`;
        }
    }
}

registry.category("public.interactions").add("escala_client_portal.email_frame", PortalEmailFrame);
