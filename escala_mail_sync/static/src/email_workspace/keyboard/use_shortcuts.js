import {useExternalListener} from "@odoo/owl";
import {SEARCH, SHORTCUTS} from "./shortcuts";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

const LETTER = /^[a-z]$/;
const KEYS = {Escape: "esc"}; // Named otherwise on the help
const EDITABLE = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/** What lies over the workspace without being a dialog: an open menu, a file that is looked at. */
const OVERLAYS = ".o-dropdown--menu, .o-FileViewer";

/** Whether a key is text where it was pressed; the one that leaves the search is none. */
function isTypedInto(target, shortcut) {
    const isLeft = shortcut?.command === "leave" && target.closest?.(SEARCH);
    return !isLeft && Boolean(target.closest?.(EDITABLE));
}

const isCovered = () => Boolean(document.querySelector(OVERLAYS));

/**
 * Listen to the keys of the workspace, unless somebody is typing or a dialog is open.
 *
 * Letters are registered with Odoo's hotkeys, which see to that; for signs it has no place
 * (web/static/src/core/hotkeys/hotkey_service.js, AUTHORIZED_KEYS). The search is left by Escape while one types.
 *
 * @param {{[name: string]: Function}} commands
 */
export function useShortcuts(commands) {
    const ui = useService("ui");
    for (const {key, command, allowRepeat = false} of SHORTCUTS) {
        if (LETTER.test(key)) {
            useHotkey(key, () => commands[command](), {
                allowRepeat,
                isAvailable: () => !isCovered(),
            });
        }
    }
    useExternalListener(window, "keydown", (ev) => {
        const pressed = KEYS[ev.key] || ev.key;
        const shortcut = SHORTCUTS.find(({key}) => key === pressed && !LETTER.test(key));
        const isElsewhere = ui.isBlocked || ui.activeElement !== document || isTypedInto(ev.target, shortcut);
        if (shortcut?.command && !isElsewhere && !isCovered() && !(ev.altKey || ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            commands[shortcut.command]();
        }
    });
}
