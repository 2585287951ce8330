import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {SHORTCUTS} from "./shortcuts";

/** Lists the keys of the workspace. */
export class HelpDialog extends Component {
    static template = "escala_mail_sync.KeyboardHelp";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.shortcuts = SHORTCUTS;
    }
}
