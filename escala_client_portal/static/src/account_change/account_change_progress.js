import {Component, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const NEWS = "escala.account.change";

/**
 * Has the form of a change of many accounts follow its progress, see models/escala_account_change_run.py.
 *
 *     <widget name="account_change_progress"/>
 */
export class AccountChangeProgress extends Component {
    static template = xml``;
    static props = {...standardWidgetProps};

    setup() {
        const busService = useService("bus_service");
        const onNews = ({id}) => id === this.props.record.resId && this.props.record.load();
        busService.subscribe(NEWS, onNews);
        busService.start();
        onWillUnmount(() => busService.unsubscribe(NEWS, onNews));
    }
}

registry.category("view_widgets").add("account_change_progress", {component: AccountChangeProgress});
