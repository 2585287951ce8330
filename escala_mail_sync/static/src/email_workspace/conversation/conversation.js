import {Component, useState} from "@odoo/owl";

/** The right side: one conversation, its latest e-mail unfolded, and whom it is with. */
export class Conversation extends Component {
    static template = "escala_mail_sync.Conversation";
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
    }
}
