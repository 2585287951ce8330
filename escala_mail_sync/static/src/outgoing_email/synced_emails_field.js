import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

/** The e-mails of a contact or lead, with what has just been sent. */
export class SyncedEmailsField extends X2ManyField {
    setup() {
        super.setup();
        useBus(this.env.bus, "escala.email.outgoing", () => this.refresh());
    }

    /** The record is not loaded anew over what somebody is typing. */
    async refresh() {
        const {record} = this.props;
        if (!record.isNew && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("synced_emails", {...x2ManyField, component: SyncedEmailsField});
