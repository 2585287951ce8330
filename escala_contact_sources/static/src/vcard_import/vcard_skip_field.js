import {registry} from "@web/core/registry";
import {BooleanToggleField, booleanToggleField} from "@web/views/fields/boolean_toggle/boolean_toggle_field";

/** Whether to skip a card. The preview that it stands in stores it, and what becomes of the others. */
class VcardSkipField extends BooleanToggleField {
    onChange(newValue) {
        this.state.value = newValue;
        this.env.skipCard(this.props.record.resId, newValue);
    }
}

registry.category("fields").add("escala_vcard_skip", {...booleanToggleField, component: VcardSkipField});
