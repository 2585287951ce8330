import {Component} from "@odoo/owl";
import {EmailFrame} from "@escala_mail_sync/email_workspace/conversation/email_frame";
import {_t} from "@web/core/l10n/translation";
import {getMailtoAction} from "@escala_mail_sync/email_workspace/conversation/mailto";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

/** The body of an e-mail in a form: in the closed frame of the workspace, without what would come from elsewhere. */
export class EmailFrameField extends Component {
    static template = "escala_mail_sync.EmailFrameField";
    static components = {EmailFrame};
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.title = _t("Text of the e-mail");
    }

    get html() {
        return String(this.props.record.data[this.props.name] || "");
    }

    async writeTo(href) {
        if (await user.hasGroup("escala_mail_sync.group_mailbox_user")) {
            await this.action.doAction(getMailtoAction(href));
        }
    }
}

registry.category("fields").add("escala_email_frame", {
    component: EmailFrameField,
    supportedTypes: ["html"],
});
