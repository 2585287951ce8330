import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A link that sets a boolean: for what is rarely needed, and shown once somebody asks for it. */
export class RevealLink extends Component {
    static template = "escala_mail_sync.RevealLink";
    static props = {...standardFieldProps, label: String};

    reveal() {
        return this.props.record.update({[this.props.name]: true});
    }
}

export const revealLink = {
    component: RevealLink,
    displayName: _t("Link that reveals"),
    supportedTypes: ["boolean"],
    extractProps: ({string}) => ({label: string}),
};

registry.category("fields").add("reveal_link", revealLink);
