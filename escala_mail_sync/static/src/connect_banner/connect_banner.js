import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/**
 * Asks whoever has no mailbox connected to connect one, tells whose own cannot be read, and shows nothing to all
 * others.
 */
export class ConnectBanner extends Component {
    static template = "escala_mail_sync.ConnectBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({});
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("escala.mailbox", "get_account_banner", []));
        });
    }

    openAccount() {
        return this.action.doAction("escala_mail_sync.mailbox_own_action");
    }
}
