import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {registry} from "@web/core/registry";
import {exprToBoolean} from "@web/core/utils/strings";
import {STATIC_ACTIONS_GROUP_NUMBER} from "@web/search/action_menus/action_menus";
import {previewVcards} from "./vcard_import";

/** *Import vCards* in the cog's menu of contacts, for who has no mouse to drag with. */
export class VcardImportItem extends Component {
    static template = "escala_contact_sources.VcardImportItem";
    static components = {DropdownItem};
    static props = {};

    chooseFiles() {
        const {env} = this;
        // Not in the template: the menu is closed, and with it all that is in it, before a file is chosen.
        const input = document.createElement("input");
        input.type = "file";
        input.multiple = true;
        input.accept = ".vcf,.vcard,text/vcard,text/x-vcard,text/directory";
        input.addEventListener("change", () => previewVcards(env, [...input.files]));
        input.click();
    }
}

registry.category("cogMenu").add(
    "import-vcards-menu",
    {
        Component: VcardImportItem,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({config, searchModel}) =>
            searchModel.resModel === "res.partner" &&
            config.actionType === "ir.actions.act_window" &&
            ["kanban", "list"].includes(config.viewType) &&
            exprToBoolean(config.viewArch.getAttribute("create"), true),
    },
    {sequence: 2}
);
