import {useEffect, useExternalListener} from "@odoo/owl";
import {SIZES} from "@web/core/ui/ui_service";
import {browser} from "@web/core/browser/browser";
import {useService} from "@web/core/utils/hooks";

/**
 * Have the browser's Back lead from a conversation to the list where the screen has no place for both.
 *
 * The conversation gets an entry of its own in the history, with the address of the list. The list's entry is marked
 * meanwhile: Odoo's router does not load one with `skipRouteChange` anew (web/static/src/core/browser/router.js).
 *
 * @param {EmailWorkspaceModel} model
 */
export function useBackToList(model) {
    const {history} = browser;
    const ui = useService("ui");
    let isFirst = true; // What is open from the beginning was come to by an entry that is there
    useEffect(
        (isOpen) => {
            const {state} = history;
            const isOnOwnEntry = Boolean(state?.escalaConversation);
            if (!isFirst && !isOpen && isOnOwnEntry) {
                history.back();
            } else if (!isFirst && isOpen && !isOnOwnEntry && ui.size < SIZES.LG) {
                history.replaceState({...state, skipRouteChange: true, escalaList: true}, "");
                history.pushState({...state, escalaConversation: true}, "");
            }
            isFirst = false;
        },
        () => [Boolean(model.state.openId)]
    );
    useExternalListener(window, "popstate", ({state}) => {
        if (state?.escalaList) {
            history.replaceState({nextState: state.nextState}, "");
            if (model.state.openId) {
                model.close();
            }
        }
    });
}
