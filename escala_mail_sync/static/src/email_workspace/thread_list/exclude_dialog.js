import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** Says who would be excluded from which mailboxes, and asks what becomes of their e-mails that are here. */
export class ExcludeDialog extends Component {
    static template = "escala_mail_sync.ExcludeDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        onConfirmed: Function,
        plan: {
            type: Object,
            shape: {
                addresses: {type: Array, element: String},
                mailboxes: {type: Array, element: String},
                email_count: Number,
            },
        },
    };

    setup() {
        this.state = useState({remove: false});
    }

    confirm() {
        this.props.close();
        this.props.onConfirmed(this.state.remove);
    }
}
