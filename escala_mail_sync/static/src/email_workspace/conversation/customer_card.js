import {Component} from "@odoo/owl";
import {Face} from "../thread_list/face";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatCurrency} from "@web/core/currency";

const STATE_CLASSES = {overdue: "text-danger", today: "text-warning", planned: "text-success"};

/** Whom the conversation is with: the contact, what is open with them, and what is planned. */
export class CustomerCard extends Component {
    static template = "escala_mail_sync.CustomerCard";
    static components = {Face};
    static props = {actions: Object, conversation: Object};

    get customer() {
        return this.props.conversation.customer;
    }

    get leads() {
        return this.props.conversation.lead_cards;
    }

    /** The latest e-mail that came in, else the latest: from it begins what is created. */
    get source() {
        const {emails} = this.props.conversation;
        return emails.findLast(({direction}) => direction === "in") || emails.at(-1);
    }

    getRevenue(lead) {
        return lead.revenue ? formatCurrency(lead.revenue, lead.currency_id) : "";
    }

    getStateClass(activity) {
        return STATE_CLASSES[activity.state] || "text-muted";
    }

    getDate(activity) {
        return formatDate(deserializeDate(activity.date));
    }

    open(resModel, resId) {
        return this.props.actions.openRecord(resModel, resId);
    }

    create(resModel) {
        return this.props.actions.create(resModel, this.source);
    }
}
