import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {_t} from "@web/core/l10n/translation";

const MEGABYTE = 1024 * 1024;
const LONGEST = 30000; // Milliseconds for which a message is taken to be on its way

/** Sends a message once, and says that its files are too large before they are sent: the server only hangs up on them. */
export class MessageForm extends Interaction {
    static selector = ".o_client_message_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit},
        // the page as it was left, when one comes back to it
        _window: {"t-on-pageshow": () => this.setSending(false)},
    };

    setup() {
        this.button = this.el.querySelector("button[type=submit]");
    }

    onSubmit(ev) {
        const error = this.findError([...this.el.querySelector("input[type=file]").files]);
        if (error) {
            ev.preventDefault();
            this.show(error);
        } else if (this.button.disabled) {
            ev.preventDefault();
        } else {
            this.setSending(true);
            // The page stays as it is if the browser is told to stop: nothing says so
            this.waitForTimeout(() => this.setSending(false), LONGEST);
        }
    }

    findError(files) {
        const {maxFiles, maxMegabytes, maxTotalMegabytes} = this.el.dataset;
        if (files.length > maxFiles) {
            return _t("You can attach %s files at most.", maxFiles);
        }
        const large = files.find((file) => file.size > maxMegabytes * MEGABYTE);
        if (large) {
            return _t("%(name)s is too large: %(limit)s MB at most.", {
                name: large.name,
                limit: maxMegabytes,
            });
        }
        if (files.reduce((total, file) => total + file.size, 0) > maxTotalMegabytes * MEGABYTE) {
            return _t(
                "The files are too large together: %s MB at most. Send them in several messages.",
                maxTotalMegabytes
            );
        }
        return "";
    }

    show(error) {
        const place = this.el.querySelector(".o_client_message_error");
        place.textContent = error;
        place.classList.remove("d-none");
        place.scrollIntoView({block: "nearest"});
    }

    setSending(isSending) {
        this.button.disabled = isSending;
        this.button.setAttribute("aria-busy", isSending);
    }
}

registry.category("public.interactions").add("escala_client_portal.message_form", MessageForm);
