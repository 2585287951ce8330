import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {getTickedIds, isAllTicked} from "./selection";
import {_t} from "@web/core/l10n/translation";

const BUTTONS = [
    {name: "markRead", icon: "fa-envelope-open-o", label: _t("Mark as read")},
    {name: "markUnread", icon: "fa-envelope", label: _t("Mark as unread")},
    {name: "markDone", icon: "fa-check", label: _t("Done")},
    {name: "assign", icon: "fa-user-plus", label: _t("Assign")},
];
const MORE = [
    {name: "exclude", icon: "fa-ban", label: _t("Exclude sender")},
    {name: "remove", icon: "fa-trash-o", label: _t("Remove from Odoo")},
];

/** Above the list: how many conversations are ticked, and what can be done to them. */
export class SelectionBar extends Component {
    static template = "escala_mail_sync.SelectionBar";
    static components = {Dropdown, DropdownItem};
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
        this.selection = this.props.model.selection;
        this.buttons = BUTTONS;
        this.more = MORE;
    }

    get ids() {
        return getTickedIds(this.state);
    }

    get isAll() {
        return isAllTicked(this.state);
    }

    run(name, ...args) {
        return this.props.model.bulk[name](this.ids, ...args);
    }
}
