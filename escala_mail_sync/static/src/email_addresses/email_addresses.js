import {Component, useEffect, useState} from "@odoo/owl";
import {formatAddress, getShownName, isAddress, splitAddresses, withoutDuplicates} from "./address_list";
import {useChildRef, useService} from "@web/core/utils/hooks";
import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {TagsList} from "@web/core/tags_list/tags_list";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const INVALID_COLOR = 1; // Odoo's red
const SHORTEST_TERM = 2; // Characters

/** What was typed stays when the suggestions are closed, as by a click elsewhere: it counts as well. */
class AddressAutoComplete extends AutoComplete {
    cancel() {
        this.close();
    }
}

/** Addresses as tags; those of contacts, alternative ones too, are offered while somebody types. */
export class EmailAddressesField extends Component {
    static template = "escala_mail_sync.EmailAddressesField";
    static components = {AddressAutoComplete, TagsList};
    static props = {...standardFieldProps, placeholder: {type: String, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.input = useChildRef();
        // Another number makes another input: empty, and without the suggestions for what was typed.
        this.state = useState({inputNumber: 0});
        this.goesOn = false;
        // Not a getter: in a template, that one's `this` is not the component, and what is written there is lost
        this.sources = [{placeholder: _t("Searching…"), options: (term) => this.search(term)}];
        useEffect(
            () => {
                if (this.goesOn) {
                    this.input.el.focus();
                }
                this.goesOn = false;
            },
            () => [this.state.inputNumber]
        );
    }

    get addresses() {
        return splitAddresses(this.props.record.data[this.props.name] || "");
    }

    get tags() {
        return this.addresses.map((address, index) => ({
            id: `${index}:${address}`,
            text: getShownName(address),
            title: isAddress(address) ? address : _t("“%s” is not an e-mail address.", address),
            colorIndex: isAddress(address) ? 0 : INVALID_COLOR,
            onDelete: this.props.readonly ? undefined : () => this.remove(index),
        }));
    }

    async search(term) {
        if (term.length < SHORTEST_TERM) {
            return [];
        }
        const found = await this.orm.call("escala.email.outgoing", "find_addresses", [term]);
        return found.map(({name, email}) => ({
            label: name ? `${name} <${email}>` : email,
            onSelect: () => this.add(formatAddress(name, email), {goesOn: true}),
        }));
    }

    /** What was typed and not chosen counts as well: people write addresses that nobody knows yet. */
    onBlur({inputValue}) {
        if (inputValue.trim()) {
            this.add(inputValue);
        }
    }

    onKeydown(ev) {
        if (ev.ctrlKey || ev.metaKey) {
            return; // Control+Enter sends
        }
        const typed = ev.target.value;
        if (["Enter", "Tab", ",", ";"].includes(ev.key) && isAddress(typed)) {
            if (ev.key === "Tab") {
                this.add(typed); // The focus moves on
                return;
            }
            ev.preventDefault();
            ev.stopPropagation();
            this.add(typed, {goesOn: true});
        } else if (ev.key === "Backspace" && !typed && this.addresses.length) {
            this.remove(this.addresses.length - 1);
        }
    }

    onPaste(ev) {
        const text = ev.clipboardData.getData("text/plain");
        const pasted = splitAddresses(text);
        if (!ev.target.value && (pasted.length > 1 || pasted.some(isAddress))) {
            ev.preventDefault();
            this.add(text, {goesOn: true});
        }
    }

    /**
     * @param {string} text one address, or several
     * @param {object} [options]
     * @param {boolean} [options.goesOn] whether whoever types is about to type another one
     */
    async add(text, {goesOn = false} = {}) {
        this.goesOn = goesOn;
        this.state.inputNumber++;
        await this.update(withoutDuplicates([...this.addresses, ...splitAddresses(text)]));
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
