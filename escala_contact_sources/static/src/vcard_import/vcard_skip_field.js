import {registry} from "@web/core/registry";
import {BooleanToggleField, booleanToggleField} from "@web/views/fields/boolean_toggle/boolean_toggle_field";

/** Whether to skip a card. The server looks at all cards again, without it or with it; the list stays on its page. */
class VcardSkipField extends BooleanToggleField {
    async onChange(newValue) {
        const preview = this.props.record.model.root;
        const {offset} = preview.data.card_ids;
        await super.onChange(newValue);
        if ((await preview.save()) && offset) {
            await preview.data.card_ids.load({offset});
        }
    }
}

registry.category("fields").add("escala_vcard_skip", {...booleanToggleField, component: VcardSkipField});
