import {ConnectBanner} from "@escala_mail_sync/connect_banner/connect_banner";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** The views of the E-mails app, under the banner for those who have no mailbox yet. */
class EmailListController extends ListController {
    static template = "escala_mail_sync.EmailList";
    static components = {...ListController.components, ConnectBanner};
}

class EmailKanbanController extends KanbanController {
    static template = "escala_mail_sync.EmailKanban";
    static components = {...KanbanController.components, ConnectBanner};
}

const views = registry.category("views");
views.add("escala_email_list", {...listView, Controller: EmailListController});
views.add("escala_email_kanban", {...kanbanView, Controller: EmailKanbanController});
