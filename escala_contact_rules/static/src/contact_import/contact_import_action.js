import {ImportAction} from "@base_import/import_action/import_action";
import {ImportDataContent} from "@base_import/import_data_content/import_data_content";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {getLeftOutAction, RegistrationReport} from "./registration_report";
import {RegistrationReportPanel} from "./registration_report_panel";

patch(ImportDataContent, {
    components: {...ImportDataContent.components, RegistrationReportPanel},
    props: {
        ...ImportDataContent.props,
        registrationReport: {type: RegistrationReport, optional: true},
    },
});

/**
 * After an import Odoo goes on to the list of what was imported: the report goes along.
 */
patch(ImportAction.prototype, {
    async handleImport(isTest = true) {
        await super.handleImport(isTest);
        const report = this.model.registrationReport;
        if (report && !report.isTest && !report.isPaused) {
            this._notifyOfRegistrations(report);
        }
    },

    _notifyOfRegistrations(report) {
        const {action, notification} = this.env.services;
        let close = null;
        const seeLeftOut = {
            name: _t("See what was left out"),
            onClick: () => {
                close();
                action.doAction(getLeftOutAction(report));
            },
        };
        close = notification.add(report.summary, {
            title: _t("Import of contacts"),
            type: report.hasLeftOut ? "warning" : "success",
            sticky: true,
            buttons: report.hasLeftOut ? [seeLeftOut] : [],
        });
    },
});
