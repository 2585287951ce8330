import {Component, useState} from "@odoo/owl";
import {formatAddress, getShownName, isAddress, splitAddresses} from "./address_list";
import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {TagsList} from "@web/core/tags_list/tags_list";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const INVALID_COLOR = 1; // Odoo's red

/** Addresses as tags; those of contacts, alternative ones too, are offered while somebody types. */
export class EmailAddressesField extends Component {
    static template = "escala_mail_sync.EmailAddressesField";
    static components = {AutoComplete, TagsList};
    static props = {...standardFieldProps, placeholder: {type: String, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.state = useState({typed: "", inputKey: 0});
    }

    get addresses() {
        return splitAddresses(this.props.record.data[this.props.name] || "");
    }

    get tags() {
        return this.addresses.map((address, index) => ({
            id: `${index}:${address}`,
            text: getShownName(address),
            title: address,
            colorIndex: isAddress(address) ? 0 : INVALID_COLOR,
            onDelete: this.props.readonly ? undefined : () => this.remove(index),
        }));
    }

    get sources() {
        return [{placeholder: _t("Searching…"), options: (term) => this.search(term)}];
    }

    async search(term) {
        if (term.trim().length < 2) {
            return [];
        }
        const found = await this.orm.call("escala.email.outgoing", "find_addresses", [term]);
        return found.map(({name, email}) => ({
            label: formatAddress(name, email),
            onSelect: () => this.add(formatAddress(name, email)),
        }));
    }

    onInput({inputValue}) {
        this.state.typed = inputValue;
    }

    /** What was typed and not chosen counts as well: people write addresses that nobody knows yet. */
    commitTyped() {
        if (this.state.typed.trim()) {
            this.add(this.state.typed);
        }
    }

    onKeydown(ev) {
        const isComplete = isAddress(this.state.typed.trim());
        if (["Enter", "Tab", ",", ";"].includes(ev.key) && isComplete) {
            if (ev.key !== "Tab") {
                ev.preventDefault();
                ev.stopPropagation();
            }
            this.commitTyped();
        } else if (ev.key === "Backspace" && !this.state.typed && this.addresses.length) {
            this.remove(this.addresses.length - 1);
        }
    }

    async add(text) {
        this.state.typed = "";
        this.state.inputKey++;
        await this.update([...new Set([...this.addresses, ...splitAddresses(text)])]);
    }

    async remove(index) {
        await this.update(this.addresses.filter((_address, other) => other !== index));
    }

    async update(addresses) {
        await this.props.record.update({[this.props.name]: addresses.join(", ") || false});
    }
}

export const emailAddressesField = {
    component: EmailAddressesField,
    displayName: _t("E-mail addresses"),
    supportedTypes: ["char"],
    extractProps: ({placeholder}) => ({placeholder}),
};

registry.category("fields").add("email_addresses", emailAddressesField);
