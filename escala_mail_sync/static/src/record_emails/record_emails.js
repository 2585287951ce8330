import {Component} from "@odoo/owl";
import {RecordEmailsList} from "./record_emails_list";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** The tab *E-mails* of a contact or lead. */
export class RecordEmails extends Component {
    static template = "escala_mail_sync.RecordEmails";
    static components = {RecordEmailsList};
    static props = {...standardWidgetProps};
}

registry.category("view_widgets").add("escala_record_emails", {component: RecordEmails});
