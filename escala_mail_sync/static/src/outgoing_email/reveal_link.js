import {Component} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A link that sets a boolean: for a field that is rarely needed, and shown and entered once somebody asks for it. */
export class RevealLink extends Component {
    static template = "escala_mail_sync.RevealLink";
    static props = {...standardFieldProps, label: String, revealed: String};

    async reveal(ev) {
        const form = ev.target.closest(".o_form_view");
        await this.props.record.update({[this.props.name]: true});
        // Owl draws in the next frame; in it, the field is not there yet
        browser.requestAnimationFrame(() =>
            browser.setTimeout(() => form.querySelector(`[name=${this.props.revealed}] input`)?.focus())
        );
    }
}

export const revealLink = {
    component: RevealLink,
    displayName: _t("Link that reveals"),
    supportedTypes: ["boolean"],
    extractProps: ({string, options}) => ({label: string, revealed: options.revealed}),
};

registry.category("fields").add("reveal_link", revealLink);
