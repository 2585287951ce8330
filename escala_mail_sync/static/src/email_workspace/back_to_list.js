import {useEffect, useExternalListener} from "@odoo/owl";
import {SIZES} from "@web/core/ui/ui_service";
import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";
import {useService} from "@web/core/utils/hooks";

/**
 * Have the browser's Back lead from a conversation to the list where the screen has no place for both.
 *
 * The conversation gets an entry of its own in the history, with the address of the list. Odoo's router, which would
 * load the list anew, is asked to leave it: it listens after this does (web/static/src/core/browser/router.js).
 *
 * @param {EmailWorkspaceModel} model
 */
export function useBackToList(model) {
    const {history} = browser;
    const ui = useService("ui");
    let isFirst = true; // What is open from the beginning was come to by an entry that is there
    useEffect(
        (openId) => {
            const {state} = history;
            const isOnOwnEntry = Boolean(state?.escalaConversation);
            if (!openId && isOnOwnEntry && !isFirst) {
                history.back();
            } else if (openId && isOnOwnEntry) {
                history.replaceState({...state, escalaConversation: openId}, "");
            } else if (openId && !isFirst && ui.size < SIZES.LG) {
                history.replaceState({...state, escalaList: true}, "");
                history.pushState({...state, escalaConversation: openId}, "");
            }
            isFirst = false;
        },
        () => [model.state.openId]
    );
    useExternalListener(
        window,
        "popstate",
        ({state}) => {
            if (!state || state.nextState?.action !== router.current.action) {
                return;
            }
            const {openId} = model.state;
            if (state.escalaConversation) {
                router.skipLoad = true;
                model.open(state.escalaConversation);
            } else if (state.escalaList) {
                router.skipLoad = true;
                if (openId) {
                    model.close();
                }
            }
        },
        {capture: true}
    );
}
