import {useExternalListener} from "@odoo/owl";
import {SHORTCUTS} from "./shortcuts";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

const LETTER = /^[a-z]$/;
const EDITABLE = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/** What lies over the workspace without being a dialog: an open menu, a file that is looked at. */
const OVERLAYS = ".o-dropdown--menu, .o-FileViewer";

const isCovered = () => Boolean(document.querySelector(OVERLAYS));

/**
 * Listen to the keys of the workspace, unless somebody is typing or a dialog is open.
 *
 * Letters are registered with Odoo's hotkeys, which see to that; for signs it has no place
 * (web/static/src/core/hotkeys/hotkey_service.js, AUTHORIZED_KEYS).
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
        const shortcut = SHORTCUTS.find(({key}) => key === ev.key && !LETTER.test(key));
        const isElsewhere = ui.isBlocked || ui.activeElement !== document || ev.target.closest?.(EDITABLE);
        if (shortcut?.command && !isElsewhere && !isCovered() && !(ev.altKey || ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            commands[shortcut.command]();
        }
    });
}
