import {Component} from "@odoo/owl";
import {Thread} from "@mail/core/common/thread_model";
import {Chatter} from "@mail/chatter/web_portal/chatter";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

patch(Thread.prototype, {
    setup() {
        super.setup();
        /** Of private mailboxes, for their owners alone: see models/mail_thread_emails.py. */
        this.emailsToAnswer = [];
    },
});

/** The e-mails that somebody is asked to answer in private, over the activities that everybody sees. */
export class EmailsToAnswer extends Component {
    static template = "escala_mail_sync.EmailsToAnswer";
    static props = {thread: Object};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    async openEmail({id}) {
        this.action.doAction(await this.orm.call("escala.email", "action_open_conversation", [[id]]));
    }

    async answer({id}) {
        this.action.doAction(await this.orm.call("escala.email", "action_reply", [[id]]));
    }

    async markDone({activity_id: activityId}) {
        await this.orm.call("mail.activity", "action_feedback", [[activityId]]);
        await this.props.thread.fetchThreadData(["activities"]);
    }
}

Object.assign(Chatter.components, {EmailsToAnswer});
