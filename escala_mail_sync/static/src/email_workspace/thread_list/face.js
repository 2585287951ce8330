import {Component} from "@odoo/owl";
import {getColor, getInitials} from "./initials";

/** Whom a conversation is with: the picture of the contact, else their initials. */
export class Face extends Component {
    static template = "escala_mail_sync.Face";
    static props = {name: String, partnerId: [Number, {value: false}]};

    get initials() {
        return getInitials(this.props.name);
    }

    get colorClass() {
        return `o_escala_color_${getColor(this.props.name)}`;
    }
}
