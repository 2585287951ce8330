import {getShownName, splitAddresses} from "@escala_mail_sync/email_addresses/address_list";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const MODEL = "escala.email.outgoing";
const NAMED = 3; // Recipients

/** Says what became of the e-mails that the user has sent, wherever they are in Odoo by then. */
export const outgoingEmailService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, {action, bus_service: busService, notification, orm}) {
        busService.subscribe(MODEL, async (change) => {
            env.bus.trigger(MODEL, change);
            if (change.tell) {
                const [email] = await orm.silent.read(
                    MODEL,
                    [change.id],
                    ["display_name", "to", "state", "refused"]
                );
                tell(email);
            }
        });
        busService.start();

        function tell(email) {
            if (email.state === "sent" && !email.refused) {
                notification.add(getSentWords(email.to || ""), {type: "success"});
                return;
            }
            const words = {
                sent: _t("“%s” was not taken for everybody.", email.display_name),
                failed: _t("“%s” was not sent.", email.display_name),
                unknown: _t("“%s” was perhaps sent.", email.display_name),
            };
            const close = notification.add(words[email.state], {
                type: email.state === "failed" ? "danger" : "warning",
                sticky: true,
                buttons: [{name: _t("Open"), primary: true, onClick: () => open(email.id, close)}],
            });
        }

        function open(id, close) {
            close();
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: MODEL,
                res_id: id,
                views: [[false, "form"]],
            });
        }
    },
};

/**
 * @param {string} to
 * @returns {string}
 */
function getSentWords(to) {
    const names = splitAddresses(to).map(getShownName);
    if (!names.length) {
        return _t("Sent");
    }
    const shown = names.slice(0, NAMED).join(", ");
    return names.length > NAMED
        ? _t("Sent to %(names)s and %(count)s more", {names: shown, count: names.length - NAMED})
        : _t("Sent to %s", shown);
}

registry.category("services").add("escala_mail_sync.outgoing_email", outgoingEmailService);
