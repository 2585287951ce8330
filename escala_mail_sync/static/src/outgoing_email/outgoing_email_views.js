import {FormController} from "@web/views/form/form_controller";
import {ListController} from "@web/views/list/list_controller";
import {formView} from "@web/views/form/form_view";
import {hasTouch} from "@web/core/browser/feature_detection";
import {listView} from "@web/views/list/list_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";

const CHANGED = "escala.email.outgoing";

/**
 * Where an e-mail is written, to somebody or to several: the cursor is where something is to be typed, Control+Enter
 * sends; shows what becomes of it, and leaves nothing behind when nothing was written.
 */
class OutgoingEmailFormController extends FormController {
    setup() {
        super.setup();
        useBus(this.env.bus, CHANGED, ({detail}) => this.refresh(detail));
        useHotkey("control+enter", () => this.send(), {bypassEditableProtection: true});
        onMounted(() => this.focusWhereToWrite());
    }

    send() {
        document.activeElement?.blur(); // What is being typed counts
        this.rootRef.el.querySelector("button[name=action_send]")?.click();
    }

    /** In what is empty of recipients and subject, or else at the beginning of the text. */
    focusWhereToWrite() {
        const {data} = this.model.root;
        if (data.state !== "draft" || hasTouch()) {
            return; // The keyboard of a telephone would cover the page
        }
        const empty = ["to", "subject"].find((name) => name in data && !data[name]);
        const selector = empty
            ? `[name=${empty}] :is(input, textarea)`
            : "[name=body] [contenteditable=true]";
        const element = this.rootRef.el.querySelector(selector);
        element?.focus();
        if (element && !empty) {
            document.getSelection().setPosition(element.firstElementChild || element, 0);
        }
    }

    async refresh({id, mailing_id: mailingId}) {
        const {root} = this.model;
        const changedId = root.resModel === "escala.email.mailing" ? mailingId : id;
        if (root.resId === changedId && !(await root.isDirty())) {
            await root.load();
        }
    }

    async beforeLeave(options) {
        const {root} = this.model;
        const isTouched = await root.isDirty();
        const result = await super.beforeLeave(options);
        if (root.resId && root.data.state === "draft" && !isTouched) {
            await this.orm.silent.call(root.resModel, "discard_untouched", [[root.resId]]);
        }
        return result;
    }
}

/** The outbox, which shows what becomes of the e-mails in it. */
class OutgoingEmailListController extends ListController {
    setup() {
        super.setup();
        useBus(this.env.bus, CHANGED, () => this.refresh());
    }

    async refresh() {
        const {root} = this.model;
        if (!root.editedRecord && !root.selection?.length) {
            await root.load();
        }
    }
}

const views = registry.category("views");
views.add("escala_outgoing_email_form", {...formView, Controller: OutgoingEmailFormController});
views.add("escala_outgoing_email_list", {...listView, Controller: OutgoingEmailListController});
