import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/**
 * Keeps the keyboard in the window to choose an account, as Bootstrap's dialogs do. The window is there without
 * JavaScript, too; it has no way out but the choice and the log-out, so that Escape leaves it open.
 */
export class ChooseAccountWindow extends Interaction {
    static selector = ".o_choose_account_window";
    dynamicContent = {
        _root: {"t-on-shown.bs.modal": this.focusFirst},
    };

    start() {
        this.el.classList.remove("d-block");
        document.querySelector(".o_choose_account_backdrop").remove();
        const options = {backdrop: "static", keyboard: false};
        window.Modal.getOrCreateInstance(this.el, options).show();
    }

    focusFirst() {
        this.el.querySelector("button[name=account_id], a").focus();
    }
}

registry
    .category("public.interactions")
    .add("escala_client_portal.choose_account_window", ChooseAccountWindow);
