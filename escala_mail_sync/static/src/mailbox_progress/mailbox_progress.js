import {Component, onWillUnmount} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const REFRESH_INTERVAL = 3000; // Milliseconds

/**
 * How far a mailbox has been read; it keeps itself up to date while a check is going on.
 *
 * The record is not loaded anew over what somebody is typing.
 */
export class MailboxProgress extends Component {
    static template = "escala_mail_sync.MailboxProgress";
    static props = {...standardFieldProps};

    setup() {
        const timer = setInterval(() => this.refresh(), REFRESH_INTERVAL);
        onWillUnmount(() => clearInterval(timer));
    }

    get isReading() {
        return this.props.record.data.is_reading;
    }

    get percentage() {
        return this.props.record.data[this.props.name];
    }

    async refresh() {
        const {record} = this.props;
        if (this.isReading && !document.hidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

export const mailboxProgress = {
    component: MailboxProgress,
    displayName: _t("Progress of a mailbox"),
    supportedTypes: ["integer"],
    fieldDependencies: [{name: "is_reading", type: "boolean"}],
};

registry.category("fields").add("mailbox_progress", mailboxProgress);
