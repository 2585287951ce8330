import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {getLeftOutAction, RegistrationReport} from "./registration_report";

const BADGES = {
    created: "text-bg-success",
    updated: "text-bg-info",
    restored: "text-bg-success",
    skipped: "text-bg-secondary",
    refused: "text-bg-danger",
};

/** The report of a test or an import, in the import screen. */
export class RegistrationReportPanel extends Component {
    static template = "escala_contact_rules.RegistrationReportPanel";
    static props = {report: RegistrationReport};

    setup() {
        this.action = useService("action");
    }

    get heading() {
        const {isTest, isNothingImported, isPaused, hasLeftOut} = this.props.report;
        if (isTest) {
            if (isNothingImported) {
                return _t("Test: no row would be imported.");
            }
            return hasLeftOut
                ? _t("Test: the file can be imported, except for what is listed here.")
                : _t("Test: the whole file can be imported.");
        }
        if (isPaused) {
            return _t("Imported so far:");
        }
        return isNothingImported ? _t("No row was imported.") : _t("Imported:");
    }

    getBadge({result, count}) {
        return count === 0 ? "text-bg-light text-muted" : BADGES[result];
    }

    openLeftOut() {
        this.action.doAction(getLeftOutAction(this.props.report));
    }
}
