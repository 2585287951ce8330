import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The contacts and leads of the conversation: opened by their name, unlinked by their cross. */
export class LinkedRecords extends Component {
    static template = "escala_mail_sync.LinkedRecords";
    static props = {actions: Object, conversation: Object};

    get chips() {
        const {leads, partners} = this.props.conversation;
        const makeChip = (record, resModel, icon) => ({
            record,
            resModel,
            icon,
            unlinkLabel: _t("Unlink %s", record.name),
        });
        return [
            ...partners.map((record) => makeChip(record, "res.partner", "fa-user")),
            ...leads.map((record) => makeChip(record, "crm.lead", "fa-star")),
        ];
    }
}
