import {Component} from "@odoo/owl";

/** The contacts and leads of the conversation: opened by their name, unlinked by their cross. */
export class LinkedRecords extends Component {
    static template = "escala_mail_sync.LinkedRecords";
    static props = {actions: Object, conversation: Object};

    get chips() {
        const {leads, partners} = this.props.conversation;
        return [
            ...partners.map((record) => ({record, resModel: "res.partner", icon: "fa-user"})),
            ...leads.map((record) => ({record, resModel: "crm.lead", icon: "fa-star"})),
        ];
    }
}
