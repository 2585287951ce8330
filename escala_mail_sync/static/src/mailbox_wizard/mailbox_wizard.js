import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {hasTouch} from "@web/core/browser/feature_detection";
import {registry} from "@web/core/registry";
import {useEffect} from "@odoo/owl";

// Fields of one line, in which Enter means nothing else
const LINES = ".o_field_char input, .o_field_integer input";
const MAIN_BUTTON = ".modal-footer .btn-primary";
// Where to go on at a step: the first of these that is there
const GO_ON = {
    servers: [
        "[name=sign_in] .btn-primary",
        "[name=imap_password] input",
        "[name=smtp_password] input",
        "[name=smtp_host] input",
    ],
    test: [MAIN_BUTTON],
    options: [MAIN_BUTTON],
};

/** The wizard that connects a mailbox: Enter goes on, and the focus is where to go on at each step. */
class MailboxWizardController extends FormController {
    setup() {
        super.setup();
        useEffect(
            (root) => {
                const onKeydown = (ev) => this.onKeydown(ev);
                root.addEventListener("keydown", onKeydown);
                return () => root.removeEventListener("keydown", onKeydown);
            },
            () => [this.rootRef.el]
        );
        useEffect(
            (step) => this.focusWhereToGoOn(step),
            () => [this.model.root.data.step]
        );
    }

    get dialog() {
        return this.rootRef.el.closest(".modal");
    }

    focusWhereToGoOn(step) {
        if (hasTouch()) {
            return; // The keyboard of a telephone would cover the page
        }
        const elements = (GO_ON[step] || []).map((selector) => this.dialog?.querySelector(selector));
        elements.find((element) => element?.offsetParent)?.focus();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing && ev.target.matches(LINES)) {
            ev.preventDefault();
            this.dialog?.querySelector(MAIN_BUTTON)?.click();
        }
    }
}

registry.category("views").add("escala_mailbox_wizard", {...formView, Controller: MailboxWizardController});
