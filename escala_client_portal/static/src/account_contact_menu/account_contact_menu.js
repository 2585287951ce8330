import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {pick} from "@web/core/utils/objects";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * What can be done with one address of an account, behind three dots at the end of its row.
 *
 * Each entry is a method of the row on the server; `label` and `isVisible` are given the row's data.
 */
export const MENU_ITEMS = [
    {
        method: "action_notification_preferences",
        label: () => _t("Notification preferences"),
        isVisible: () => true,
    },
    {
        method: "action_send_invitation",
        label: (row) => (row.invited_on ? _t("Resend invitation") : _t("Send invitation")),
        isVisible: (row) => row.login,
    },
    {
        method: "action_unlink",
        label: () => _t("Unlink"),
        isVisible: () => true,
        confirm: () => _t("Take this address off the account? It loses all access to it."),
    },
];

export class AccountContactMenu extends Component {
    static template = "escala_client_portal.AccountContactMenu";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    /** A row that has not been saved has nothing to do yet. */
    get items() {
        const {resId, data} = this.props.record;
        return resId ? MENU_ITEMS.filter((item) => item.isVisible(data)) : [];
    }

    get title() {
        return _t("Actions for %s", this.props.record.data.email);
    }

    /** As a button of the view: the form is saved first and loaded anew afterwards. */
    onSelected(item) {
        const {record} = this.props;
        this.env.onClickViewButton({
            clickParams: {type: "object", name: item.method, confirm: item.confirm?.()},
            getResParams: () => pick(record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

export const accountContactMenu = {
    component: AccountContactMenu,
    fieldDependencies: [
        {name: "email", type: "char"},
        {name: "login", type: "boolean"},
        {name: "invited_on", type: "datetime"},
    ],
    listViewWidth: 40,
};

registry.category("view_widgets").add("account_contact_menu", accountContactMenu);
