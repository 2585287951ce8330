import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {FormController} from "@web/views/form/form_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";

// A contact is not gone forever, as Odoo would have it.
for (const Controller of [FormController, KanbanController, ListController]) {
    patch(Controller.prototype, {
        get deleteConfirmationDialogProps() {
            const dialogProps = super.deleteConfirmationDialogProps;
            if (this.props.resModel !== "res.partner") {
                return dialogProps;
            }
            return {
                ...dialogProps,
                title: _t("Delete contacts"),
                body: _t(
                    "Deleted contacts move to “Recently deleted”, from where they can be restored for 30 days."
                ),
            };
        },
    });
}
