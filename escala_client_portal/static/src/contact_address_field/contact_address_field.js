import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {SelectionField, selectionField} from "@web/views/fields/selection/selection_field";

/**
 * A text field whose value is chosen among those that another field of the record lists:
 * the addresses of the contact on the same line.
 *
 *     <field name="available_emails" column_invisible="1"/>
 *     <field name="email" widget="contact_address" options="{'choices_field': 'available_emails'}"/>
 */
export class ContactAddressField extends SelectionField {
    static props = {
        ...SelectionField.props,
        choicesField: {type: String},
    };

    get options() {
        const available = this.props.record.data[this.props.choicesField] || [];
        // The contact may have lost the address since; it is still what the line says.
        const values = new Set([...available, this.value].filter(Boolean));
        return [...values].map((value) => [value, value]);
    }

    get string() {
        return this.value || "";
    }

    onChange(value) {
        this.props.record.update({[this.props.name]: value ?? false});
    }
}

export const contactAddressField = {
    ...selectionField,
    component: ContactAddressField,
    displayName: _t("Address of the contact"),
    supportedTypes: ["char"],
    supportedOptions: [
        {
            label: _t("Field with the choices"),
            name: "choices_field",
            type: "field",
            availableTypes: ["json"],
        },
    ],
    extractProps({options, ...staticInfo}, dynamicInfo) {
        return {
            ...selectionField.extractProps(staticInfo, dynamicInfo),
            choicesField: options.choices_field,
        };
    },
};

registry.category("fields").add("contact_address", contactAddressField);
