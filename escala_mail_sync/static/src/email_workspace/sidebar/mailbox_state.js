import {_t} from "@web/core/l10n/translation";

const STATES = {
    draft: {class: "o_escala_state_off", label: _t("Not connected")},
    connected: {class: "bg-success", label: _t("Connected")},
    reading: {class: "o_escala_state_reading bg-info", label: _t("Being read")},
    error: {class: "bg-danger", label: _t("Error")},
};

/**
 * What the dot beside a mailbox shows.
 *
 * @param {{state: string, error: string | false, is_reading: boolean}} mailbox
 * @returns {{class: string, label: string}} `label` in words, with the reason of an error
 */
export function getMailboxState({state, error, is_reading: isReading}) {
    if (state !== "draft" && error) {
        return {...STATES.error, label: _t("Error: %s", error)};
    }
    return state === "connected" && isReading ? STATES.reading : STATES[state];
}
