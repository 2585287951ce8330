import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

/** *My e-mail account*: one's own mailbox, or the wizard that connects it. */
function myEmailAccount(env) {
    return {
        type: "item",
        id: "escala_email_account",
        description: _t("My e-mail account"),
        show: () => session.may_connect_mailbox,
        callback: () => env.services.action.doAction("escala_mail_sync.mailbox_own_action"),
        sequence: 55,
    };
}

registry.category("user_menuitems").add("escala_email_account", myEmailAccount);
