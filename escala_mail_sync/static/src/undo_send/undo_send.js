import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const MILLISECONDS = 1000;

/**
 * Say that e-mails are about to be sent, offer to undo it as long as they wait, and leave the page where they were
 * written.
 *
 * When the time is over, the server is told not to wait any longer; it sends without being told, only a bit later.
 *
 * @param {object} env
 * @param {object} action
 */
export async function undoSend(env, action) {
    const {model, ids, seconds, scheduled} = action.params;
    const {notification, orm} = env.services;
    let isUndone = false;
    let pageLeft = null;
    const close = notification.add(
        scheduled ? _t("It will be sent at the time that you chose.") : _t("Sending…"),
        {
            type: "info",
            sticky: true,
            className: "o_escala_undo_send",
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        isUndone = true;
                        close();
                        const draft = await orm.call(model, "action_undo", [ids]);
                        await pageLeft;
                        await env.services.action.doAction(draft);
                    },
                },
            ],
        }
    );
    setTimeout(async () => {
        close();
        if (!(isUndone || scheduled)) {
            await orm.silent.call(model, "end_undo_time", [ids]);
        }
    }, seconds * MILLISECONDS);
    const goingBack = goBack(env.services.action, model);
    pageLeft = Promise.race([goingBack, nextPage(env)]);
    await goingBack;
}

/**
 * Wait until the web client shows another page. Whoever goes somewhere else while it goes back overtakes that, and the
 * promise of a page that was overtaken is never settled; this one is.
 *
 * @param {object} env
 * @returns {Promise}
 */
function nextPage(env) {
    return new Promise((resolve) => {
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", resolve, {once: true});
    });
}

/**
 * Go back to where somebody came from to write; who came from nowhere gets the list of what waits.
 *
 * @param {object} actionService
 * @param {string} model of what was written
 */
async function goBack(actionService, model) {
    const {currentController} = actionService;
    if (currentController?.props.resModel !== model || currentController.view?.type !== "form") {
        return;
    }
    try {
        await actionService.restore();
    } catch {
        await actionService.doAction("escala_mail_sync.escala_email_outgoing_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("escala_mail_sync.undo_send", undoSend);
