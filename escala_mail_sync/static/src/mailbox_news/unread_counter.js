import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatCount} from "@escala_mail_sync/email_workspace/format_count";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/** An envelope in the top bar, with the number of unread e-mails; opens the inbox. */
export class UnreadCounter extends Component {
    static template = "escala_mail_sync.UnreadCounter";
    static props = {};

    setup() {
        this.action = useService("action");
        this.state = useState(useService("escala_mail_sync.mailbox_news"));
    }

    get count() {
        return formatCount(this.state.unread);
    }

    get label() {
        return this.state.unread ? _t("E-mails, %s unread", this.state.unread) : _t("E-mails, none unread");
    }

    open() {
        return this.action.doAction("escala_mail_sync.escala_email_action", {clearBreadcrumbs: true});
    }
}

registry.category("systray").add(
    "escala_mail_sync.UnreadCounter",
    {Component: UnreadCounter, isDisplayed: () => session.may_connect_mailbox},
    {sequence: 26} // Beside the messages and activities of Odoo
);
