import {HelpDialog} from "./help_dialog";
import {getTickedIds} from "../thread_list/selection";
import {isOpenRow} from "../thread_list/rows";
import {isOutgoingFolder} from "../outgoing_folders";
import {SEARCH} from "./shortcuts";

/**
 * What the keys of the workspace do, by the names that shortcuts.js uses.
 *
 * @param {object} model the workspace's, see email_workspace_model.js
 * @param {{dialog: object, getElement: () => HTMLElement}} options
 * @returns {{[name: string]: Function}}
 */
export function makeCommands(model, {dialog, getElement}) {
    const {state} = model;

    function focusRow(id) {
        getElement().querySelector(`.o_escala_thread[data-id="${id}"] .o_escala_thread_open`)?.focus();
    }

    /** The row that the keyboard is at, or else the one that is open. */
    function getCurrentIndex() {
        const atCursor = state.threads.findIndex((row) => row.id === state.cursorId);
        return atCursor < 0 ? state.threads.findIndex((row) => isOpenRow(row, state)) : atCursor;
    }

    async function move(step) {
        const index = getCurrentIndex() + step;
        if (index >= state.threads.length && state.hasMore) {
            await model.loadMore();
        }
        const row = state.threads[Math.max(index, 0)];
        if (!row) {
            return;
        }
        state.cursorId = row.id;
        focusRow(row.id);
        if (state.openId) {
            await model.open(row.id);
        }
    }

    /** The conversation that a key is meant for; none in the folders of what is being written. */
    function getCurrentId() {
        if (isOutgoingFolder(state.folder)) {
            return false;
        }
        return state.openId || state.threads[getCurrentIndex()]?.id || false;
    }

    /** The latest e-mail of that conversation, as far as it is known. */
    function getEmailId() {
        return (state.openId && state.conversation && state.conversation.emails.at(-1)?.id) || getCurrentId();
    }

    function answer(method) {
        const id = getEmailId();
        return state.canWrite && id && model.openAction(method, [id]);
    }

    return {
        next: () => move(1),
        previous: () => move(-1),
        backToList() {
            model.close();
            // Where there is place for one side only, the list is shown in the next frame
            requestAnimationFrame(() => focusRow(state.cursorId));
        },
        select() {
            const id = state.cursorId || getCurrentId();
            if (id && !isOutgoingFolder(state.folder)) {
                model.selection.toggle(id);
            }
        },
        /** Those that are ticked; else the conversation is left, and the keyboard goes on at what comes after it. */
        async markDone() {
            const ticked = getTickedIds(state);
            if (ticked.length) {
                await model.bulk.markDone(ticked);
                return;
            }
            const id = getCurrentId();
            if (!id) {
                return;
            }
            const index = Math.max(getCurrentIndex(), 0);
            model.close();
            await model.bulk.markDone([id]);
            const next = state.threads[Math.min(index, state.threads.length - 1)];
            requestAnimationFrame(() => next && focusRow(next.id));
        },
        reply: () => answer("action_reply"),
        replyAll: () => answer("action_reply_all"),
        forward: () => answer("action_forward"),
        compose: () => state.canWrite && model.compose(),
        search() {
            getElement().querySelector(".o_searchview_input")?.focus();
        },
        /** From the search to the list, or from what is ticked to nothing. */
        leave() {
            if (document.activeElement?.closest(SEARCH)) {
                focusRow(state.threads[Math.max(getCurrentIndex(), 0)]?.id);
            } else {
                model.selection.clear();
            }
        },
        help() {
            dialog.add(HelpDialog);
        },
    };
}
