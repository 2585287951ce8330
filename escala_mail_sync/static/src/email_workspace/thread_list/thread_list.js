import {Component, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {getKey} from "../email_workspace_model";

const NEAR_THE_END = 300; // Pixels

/** The middle: conversations, newest first, more of them as one scrolls down. */
export class ThreadList extends Component {
    static template = "escala_mail_sync.ThreadList";
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
        this.getKey = getKey;
    }

    onScroll({target}) {
        if (target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_THE_END) {
            this.props.model.loadMore();
        }
    }

    getDate(row) {
        return deserializeDateTime(row.date).toRelative();
    }
}
