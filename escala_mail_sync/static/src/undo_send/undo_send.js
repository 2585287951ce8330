import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const MILLISECONDS = 1000;

/**
 * Say that an e-mail is about to be sent, and offer to undo it as long as it waits.
 *
 * When the time is over, the server is told not to wait any longer; it sends without being told, only a bit later.
 *
 * @param {Object} env
 * @param {Object} action
 * @returns {Object} the action to go on with
 */
export function undoSend(env, action) {
    const {ids, seconds, scheduled} = action.params;
    const {notification, orm} = env.services;
    let isUndone = false;
    const close = notification.add(
        scheduled ? _t("It will be sent at the time that you chose.") : _t("Sending…"),
        {
            type: "info",
            sticky: true,
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        isUndone = true;
                        close();
                        const draft = await orm.call("escala.email.outgoing", "action_undo", [ids]);
                        await env.services.action.doAction(draft);
                    },
                },
            ],
        }
    );
    setTimeout(async () => {
        close();
        if (!(isUndone || scheduled)) {
            await orm.silent.call("escala.email.outgoing", "action_send_now", [ids]);
        }
    }, seconds * MILLISECONDS);
    return {type: "ir.actions.act_window_close"};
}

registry.category("actions").add("escala_mail_sync.undo_send", undoSend);
