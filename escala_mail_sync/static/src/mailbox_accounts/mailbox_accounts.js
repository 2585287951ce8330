import {KanbanController} from "@web/views/kanban/kanban_controller";
import {_t} from "@web/core/l10n/translation";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const LABELS = {
    personal: _t("Personal"),
    shared: _t("Shared"),
    marketing: _t("Marketing"),
};

/**
 * The accounts of one kind, with a tab for each kind that the user has to do with.
 *
 * Where the action is about no kind in particular, there are no tabs.
 */
export class MailboxAccountsController extends KanbanController {
    static template = "escala_mail_sync.MailboxAccounts";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.kind = this.props.context.default_kind;
        this.tabs = [];
        onWillStart(async () => {
            if (this.kind) {
                const tabs = await this.orm.call("escala.mailbox", "get_account_tabs", []);
                this.tabs = tabs.map((tab) => ({...tab, label: LABELS[tab.kind]}));
            }
        });
    }

    get canCreate() {
        const tab = this.tabs.find((each) => each.kind === this.kind);
        return super.canCreate && (!tab || tab.may_connect);
    }

    openTab(kind) {
        return this.actionService.doAction(`escala_mail_sync.mailbox_${kind}_action`, {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("views").add("mailbox_accounts", {...kanbanView, Controller: MailboxAccountsController});
