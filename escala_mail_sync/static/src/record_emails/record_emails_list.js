import {Component} from "@odoo/owl";
import {RecordEmailsModel} from "./record_emails_model";
import {ThreadList} from "@escala_mail_sync/email_workspace/thread_list/thread_list";
import {useBus} from "@web/core/utils/hooks";
import {useModel} from "@web/model/model";

/** The conversations of a record, in the rows of the workspace, with what has just come in or been sent. */
export class RecordEmailsList extends Component {
    static template = "escala_mail_sync.RecordEmailsList";
    static components = {ThreadList};
    static props = {resModel: String, resId: Number};

    setup() {
        this.model = useModel(RecordEmailsModel, this.props);
        for (const changed of ["escala.mailbox", "escala.email.outgoing"]) {
            useBus(this.env.bus, changed, () => this.model.refresh());
        }
    }
}
