import {Message as MessageComponent} from "@mail/core/common/message";
import {Message as MessageModel} from "@mail/core/common/message_model";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

/** An e-mail in a chatter: `synced_email` comes from models/mail_message_emails.py. */
patch(MessageModel.prototype, {
    setup() {
        super.setup();
        this.synced_email = undefined;
    },

    /** Nothing of what can be done with messages: it is no message of the chatter. */
    get hasActions() {
        return super.hasActions && !this.synced_email;
    },

    /** One without words has not been removed. */
    computeIsEmpty() {
        return !this.synced_email && super.computeIsEmpty();
    },
});

patch(MessageComponent.prototype, {
    setup() {
        super.setup();
        this.syncedEmailAction = useService("action");
        this.syncedEmailOrm = useService("orm");
    },

    /** It stands on its own contact or lead; its subject is named below. */
    get isPersistentMessageFromAnotherThread() {
        return super.isPersistentMessageFromAnotherThread && !this.message.synced_email;
    },

    get messageTypeText() {
        return this.message.synced_email ? _t("E-mail") : super.messageTypeText;
    },

    get syncedEmailTitle() {
        return this.message.synced_email.direction === "out" ? _t("Sent e-mail") : _t("Received e-mail");
    },

    async openSyncedEmail() {
        const {id} = this.message.synced_email;
        const action = await this.syncedEmailOrm.call("escala.email", "action_open_conversation", [[id]]);
        this.syncedEmailAction.doAction(action);
    },
});
