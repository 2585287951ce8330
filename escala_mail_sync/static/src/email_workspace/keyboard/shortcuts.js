import {_t} from "@web/core/l10n/translation";

/** Where one types what is searched for. */
export const SEARCH = ".o_searchview";

/**
 * The keys of the workspace, as the help shows them; what each does, see keyboard_commands.js.
 *
 * They are plain keys, while those of Odoo come with Alt.
 */
export const SHORTCUTS = [
    {key: "j", command: "next", label: _t("Next conversation"), allowRepeat: true},
    {key: "k", command: "previous", label: _t("Previous conversation"), allowRepeat: true},
    {key: "enter", command: false, label: _t("Open")},
    {key: "u", command: "backToList", label: _t("Back to the list")},
    {key: "x", command: "select", label: _t("Select")},
    {key: "e", command: "markDone", label: _t("Done, without an answer")},
    {key: "r", command: "reply", label: _t("Reply")},
    {key: "a", command: "replyAll", label: _t("Reply all")},
    {key: "f", command: "forward", label: _t("Forward")},
    {key: "c", command: "compose", label: _t("Write an e-mail")},
    {key: "/", command: "search", label: _t("Search")},
    {key: "esc", command: "leave", label: _t("From the search to the list; select nothing")},
    {key: "?", command: "help", label: _t("This list")},
];
