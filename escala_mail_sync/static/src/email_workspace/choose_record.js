import {SelectCreateDialog} from "@web/views/view_dialogs/select_create_dialog";
import {_t} from "@web/core/l10n/translation";

/**
 * Ask with which contact or lead to link.
 *
 * @param {object} dialog service
 * @param {"res.partner" | "crm.lead"} resModel
 * @param {(resId: number) => void} onChosen
 */
export function chooseRecord(dialog, resModel, onChosen) {
    dialog.add(SelectCreateDialog, {
        resModel,
        title: resModel === "crm.lead" ? _t("Link with a lead") : _t("Link with a contact"),
        multiSelect: false,
        noCreate: true,
        onSelected: ([resId]) => onChosen(resId),
    });
}
