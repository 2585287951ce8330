import {BaseImportModel} from "@base_import/import_model";
import {patch} from "@web/core/utils/patch";
import {RegistrationReport} from "./registration_report";

/**
 * For contacts, the import has one more option, what to do with those that exist, and a report.
 */
patch(BaseImportModel.prototype, {
    setResModel(resModel) {
        super.setResModel(resModel);
        if (resModel === "res.partner") {
            this.importOptionsValues.existing_contacts = {value: "update"};
        }
    },

    async setOption(optionName, ...args) {
        if (optionName === "existing_contacts") {
            this._forgetRegistrations();
        }
        return super.setOption(optionName, ...args);
    },

    async updateData(...args) {
        this._forgetRegistrations();
        return super.updateData(...args);
    },

    async executeImport(isTest = false, ...args) {
        if (this.resModel !== "res.partner") {
            return super.executeImport(isTest, ...args);
        }
        this._openReport(isTest);
        const result = await super.executeImport(isTest, ...args);
        if (isTest) {
            this._closeReportOfTest(result.res);
        } else {
            this._closeReportOfImport(result.res);
        }
        return result;
    },

    async _callImport(...args) {
        const result = await super._callImport(...args);
        // Without ids, the batch was rolled back.
        if (result.registration && result.ids) {
            this._growingReport.add(result.registration);
        }
        return result;
    },

    /**
     * Begin a report, or go on with that of an import that was paused.
     *
     * @param {boolean} isTest
     */
    _openReport(isTest) {
        const before = this.registrationReport;
        const hasHeaders = this.importOptions.has_headers;
        const isResumed = !isTest && before?.isPaused;
        this._growingReport = isResumed ? before : new RegistrationReport({isTest, hasHeaders});
        this.registrationReport = undefined;
    },

    _closeReportOfTest({hasError}) {
        const report = this._growingReport;
        if (hasError || report.isEmpty) {
            return;
        }
        if (report.hasLeftOut) {
            // Odoo ends a test that met no error with "Everything seems valid."
            this.importMessages.pop();
        }
        this.registrationReport = report;
    },

    _closeReportOfImport({hasError, nextrow}) {
        const report = this._growingReport;
        report.isPaused = Boolean(hasError || nextrow);
        if (!report.isPaused) {
            // Nothing leads away from the screen if no row was imported; a next import begins anew.
            this.setOption("skip", 0);
        }
        if (!report.isEmpty) {
            this.registrationReport = report;
        }
    },

    _forgetRegistrations() {
        if (this.registrationReport) {
            this.registrationReport = undefined;
            this.importMessages = [];
        }
    },
});
