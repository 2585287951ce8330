import {FormController} from "@web/views/form/form_controller";
import {ListController} from "@web/views/list/list_controller";
import {formView} from "@web/views/form/form_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

const CHANGED = "escala.email.outgoing";

/**
 * Where an e-mail is written, to somebody or to several: shows what becomes of it, and leaves nothing behind when
 * nothing was written.
 */
class OutgoingEmailFormController extends FormController {
    setup() {
        super.setup();
        useBus(this.env.bus, CHANGED, ({detail}) => this.refresh(detail));
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
