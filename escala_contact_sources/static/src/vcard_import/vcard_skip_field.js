import {registry} from "@web/core/registry";
import {BooleanToggleField, booleanToggleField} from "@web/views/fields/boolean_toggle/boolean_toggle_field";
import {
    ListBooleanToggleField,
    listBooleanToggleField,
} from "@web/views/fields/boolean_toggle/list_boolean_toggle_field";

/**
 * Have the server look at all cards again, without one or with it, and stay on the page of the list.
 *
 * @param {object} card a record of the list in the preview
 */
async function lookAgain(card) {
    const preview = card.model.root;
    const {offset} = preview.data.card_ids;
    if ((await preview.save()) && offset) {
        await preview.data.card_ids.load({offset});
    }
}

class VcardSkipField extends BooleanToggleField {
    async onChange(newValue) {
        const card = this.props.record;
        await super.onChange(newValue);
        await lookAgain(card);
    }
}

class ListVcardSkipField extends ListBooleanToggleField {
    async onClick() {
        const card = this.props.record;
        await super.onClick();
        await lookAgain(card);
    }
}

const fields = registry.category("fields");
fields.add("escala_vcard_skip", {...booleanToggleField, component: VcardSkipField});
fields.add("list.escala_vcard_skip", {...listBooleanToggleField, component: ListVcardSkipField});
