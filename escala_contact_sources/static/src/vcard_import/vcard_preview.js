import {registry} from "@web/core/registry";
import {useDebounced} from "@web/core/utils/timing";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {useSubEnv} from "@odoo/owl";

// Milliseconds without a click after which the server looks at all cards again.
const PAUSE = 400;

/**
 * The preview of an import of vCards.
 *
 * What a card becomes may depend on another one that is skipped, so the server looks at all of them again, which takes
 * seconds for thousands. Meanwhile people go on clicking: what they clicked is kept here, and one look serves it all.
 */
export class VcardPreviewController extends FormController {
    setup() {
        super.setup();
        // What was clicked and is not stored yet: id of a card -> whether it is skipped.
        this.clicked = new Map();
        this.looking = null;
        this.lookSoon = useDebounced(this.look, PAUSE);
        useSubEnv({skipCard: this.skipCard.bind(this)});
    }

    skipCard(id, skip) {
        this.clicked.set(id, skip);
        this.lookSoon();
    }

    async look() {
        if (this.looking) {
            return; // at its end it looks again for what was clicked meanwhile
        }
        this.looking = this.lookOnce();
        try {
            await this.looking;
        } finally {
            this.looking = null;
        }
        if (this.clicked.size) {
            this.lookSoon();
        }
    }

    async lookOnce() {
        const preview = this.model.root;
        await this.storeClicked();
        await this.orm.call("contact.vcard.import", "look_again", [[preview.resId]]);
        if (this.clicked.size) {
            return; // what is shown would be old: the next look comes at once
        }
        const {offset} = preview.data.card_ids;
        await preview.load();
        if (offset) {
            await preview.data.card_ids.load({offset});
        }
    }

    async storeClicked() {
        for (const skip of [true, false]) {
            const ids = [...this.clicked.keys()].filter((id) => this.clicked.get(id) === skip);
            if (ids.length) {
                await this.orm.write("contact.vcard.import.card", ids, {skip});
                // Some may have been clicked again meanwhile.
                ids.filter((id) => this.clicked.get(id) === skip).forEach((id) => this.clicked.delete(id));
            }
        }
    }

    /**
     * Override: *Import* means what was clicked, also within the last moment.
     *
     * No look may begin beside it, which would register the same cards: at the end nothing is left to look for, and the
     * button blocks further clicks (`block-ui`).
     */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.special !== "cancel") {
            while (this.looking || this.clicked.size) {
                await this.looking;
                await this.storeClicked();
            }
        }
        this.lookSoon.cancel();
        return super.beforeExecuteActionButton(clickParams);
    }
}

registry.category("views").add("escala_vcard_preview", {...formView, Controller: VcardPreviewController});
