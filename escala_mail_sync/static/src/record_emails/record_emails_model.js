import {EmailWorkspaceModel} from "@escala_mail_sync/email_workspace/email_workspace_model";

/** For each model the e-mails of one of its records: as the buttons over the forms have it. */
const DOMAINS = {
    "res.partner": (id) => [["on_partner_id", "=", id]],
    "crm.lead": (id) => [["lead_ids", "in", [id]]],
};

/** The workspace's list of conversations, those of a record: a click opens the workspace. */
export class RecordEmailsModel extends EmailWorkspaceModel {
    setup({resModel, resId}, services) {
        super.setup({folder: "all"}, services);
        this.recordDomain = DOMAINS[resModel](resId);
    }

    async load() {
        await super.load({domain: this.recordDomain});
    }

    /** There is no left side. */
    async loadWorkspace() {} // eslint-disable-line no-empty-function

    async open(id) {
        return this.openAction("action_open_conversation", [id]);
    }
}
