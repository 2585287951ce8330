import {appendRows, isOpenRow, renewRows} from "./thread_list/rows";
import {BulkActions} from "./thread_list/bulk_actions";
import {ConnectionLostError} from "@web/core/network/rpc";
import {Model} from "@web/model/model";
import {Selection} from "./thread_list/selection";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {deepEqual} from "@web/core/utils/objects";
import {isOutgoingFolder} from "./outgoing_folders";
import {oneAtATime} from "./one_at_a_time";
import {reactive} from "@odoo/owl";

const EMAIL = "escala.email";
const MAILBOX = "escala.mailbox";
const OUTGOING = "escala.email.outgoing";
export const PAGE = 30; // Conversations
const RENEWED_AT_MOST = 120; // Rows, when something has changed
const REFRESHED_AFTER = 3000; // Milliseconds; the server's own news come sooner, and then once is enough

/**
 * @param {Error} error
 * @returns {string | true} why something could not be read, in words if there are any
 */
function getReason(error) {
    return error instanceof ConnectionLostError || error.data?.message || error.message || true;
}

/**
 * What the workspace shows, and what its buttons do.
 *
 * `state` is reactive:
 * - `folder`, `mailboxId`: what is chosen on the left; no mailbox means all of them
 * - `mailboxes`, `unread`, `counts`, `canConnect`, `canWrite`: see get_workspace in models/escala_mailbox_workspace.py
 * - `threads`: rows, see search_threads in models/escala_email_workspace.py, or search_outgoing in
 *   models/escala_email_outgoing_folders.py; `hasMore`; `isLoading`, or
 *   `isRenewing` where something is shown already; `error`, why they could not be read
 * - `selected`: ids of the rows that are ticked
 * - `cursorId`: id of the row that the keyboard is at, or false
 * - `openId`: id of the e-mail whose conversation is open, or false; `conversation`, `isOpening`, and `openError`,
 *   why it could not be read
 */
export class EmailWorkspaceModel extends Model {
    static services = ["action", "dialog", "notification"];

    setup({state, folder, mailboxId, openId}, {action, dialog, notification}) {
        this.action = action;
        this.notification = notification;
        this.requests = 0; // For pages of the list
        this.openings = 0; // Of conversations
        this.domain = false; // Nothing has been looked for yet
        const {before = false, scrollTop = 0, ...shown} = state || {};
        this.before = before;
        this.scrollTop = scrollTop;
        this.isRestored = Boolean(shown.threads?.length);
        this.state = reactive({
            folder: folder || "inbox",
            mailboxId: mailboxId || false,
            mailboxes: [],
            unread: 0,
            counts: {},
            canConnect: false,
            canWrite: false,
            threads: [],
            hasMore: false,
            isLoading: false,
            isRenewing: false,
            error: false,
            selected: new Set(),
            cursorId: false,
            openId: openId || false,
            conversation: false,
            isOpening: false,
            openError: false,
            ...shown,
        });
        this.openAction = oneAtATime(this.openAction.bind(this));
        this.compose = oneAtATime(this.compose.bind(this));
        this.selection = new Selection(this.state);
        this.bulk = new BulkActions(this, {dialog, notification});
    }

    /** What is kept when the user goes elsewhere and comes back by a link of Odoo's. */
    exportState() {
        const {threads, hasMore} = this.state;
        const {before, scrollTop} = this;
        return {...this.exportPlace(), threads: [...threads], hasMore, before, scrollTop};
    }

    /** What is kept in the history of the browser, to come back by its own buttons. */
    exportPlace() {
        const {folder, mailboxId, openId, cursorId} = this.state;
        return {folder, mailboxId, openId, cursorId};
    }

    /** The search has changed, or the workspace is opened. */
    async load({domain = [], context = {}}) {
        if (this.domain && !deepEqual(domain, this.domain)) {
            this.close(); // Of what is looked for, the list is to be seen: there may be no place for both
        }
        this.domain = domain;
        this.context = context;
        if (domain.length && isOutgoingFolder(this.state.folder) && !this.isRestored) {
            this.state.folder = "all"; // What is being written is not searched
            this.state.threads = [];
        }
        const rows = this.isRestored ? this.renewThreads() : this.loadThreads();
        this.isRestored = false;
        await Promise.all([this.loadWorkspace(), rows]);
        if (this.state.openId && !this.state.conversation) {
            await this.open(this.state.openId);
        }
    }

    async loadWorkspace() {
        const {mailboxId} = this.state;
        const {
            mailboxes,
            unread,
            counts,
            can_connect: canConnect,
            can_write: canWrite,
        } = await this.orm.silent.call(MAILBOX, "get_workspace", [mailboxId]);
        if (mailboxId === this.state.mailboxId) {
            Object.assign(this.state, {mailboxes, unread, counts, canConnect, canWrite});
        } // Else another one has been chosen meanwhile, and is counted in
    }

    // ------------------------------------------------------------
    // THE LIST
    // ------------------------------------------------------------

    /** Show a folder, of one mailbox or of all. */
    async showFolder(folder, mailboxId = this.state.mailboxId) {
        this.scrollTop = 0;
        const isOther = mailboxId !== this.state.mailboxId;
        Object.assign(this.state, {folder, mailboxId, threads: [], hasMore: false, cursorId: false});
        this.close();
        await Promise.all([isOther && this.loadWorkspace(), this.loadThreads()]);
    }

    async loadThreads() {
        this.selection.clear();
        const page = await this.fetchPage(false);
        if (page) {
            this.showPage(page, page.threads);
        }
    }

    async loadMore() {
        const {hasMore, isLoading, isRenewing, threads} = this.state;
        if (isLoading || isRenewing || !hasMore) {
            return;
        }
        const page = await this.fetchPage(this.before);
        if (page) {
            this.showPage(page, appendRows(threads, page.threads));
        }
    }

    /**
     * Something has changed: count anew, and put what is new on top of what is shown.
     *
     * One that begins meanwhile takes the place of this one: whoever waits for this one waits for that one, too.
     */
    async refresh() {
        this.stopRefreshing();
        this.renewal = Promise.all([this.loadWorkspace(), this.renewThreads()]);
        let awaited = null;
        while (awaited !== this.renewal) {
            awaited = this.renewal;
            await awaited;
        }
    }

    /** The same soon, unless the server asks for it before. */
    refreshSoon() {
        this.stopRefreshing();
        this.refreshing = browser.setTimeout(() => this.refresh(), REFRESHED_AFTER);
    }

    stopRefreshing() {
        browser.clearTimeout(this.refreshing);
    }

    /** Show at once that so many e-mails of the open conversation are read; what else changes is found out soon. */
    showAsRead(count) {
        const {counts, folder, mailboxes, mailboxId, threads} = this.state;
        const row = threads.find((each) => isOpenRow(each, this.state));
        if (row) {
            row.unread = 0;
        }
        if (folder === "inbox") {
            const chosen = mailboxes.find(({id}) => id === mailboxId);
            counts.inbox = Math.max(0, counts.inbox - count);
            for (const counted of [this.state, chosen].filter(Boolean)) {
                counted.unread = Math.max(0, counted.unread - count);
            }
        }
        this.refreshSoon();
    }

    async renewThreads() {
        const {hasMore, isLoading, threads} = this.state;
        const limit = Math.min(Math.max(threads.length, PAGE), RENEWED_AT_MOST);
        const isFirst = isLoading && !threads.length;
        const page = await this.fetchPage(false, limit, isFirst ? "isLoading" : "isRenewing");
        if (!page) {
            return;
        }
        const rows = renewRows(page.threads, threads, !page.before);
        if (rows.length > page.threads.length) {
            page.before = hasMore && this.before;
        }
        this.showPage(page, rows);
        await this.renewConversation();
    }

    /** Show what has come into the conversation that is open, or that somebody has removed it. */
    async renewConversation() {
        const {conversation, openId, threads} = this.state;
        const row = conversation && threads.find((each) => isOpenRow(each, this.state));
        if (row && row.count > conversation.emails.length + conversation.left_out) {
            await this.open(openId);
        } else if (conversation && !row) {
            const ids = conversation.emails.map(({id}) => id);
            const left = await this.orm.silent.call(EMAIL, "search_count", [[["id", "in", ids]]]);
            if (!left && openId === this.state.openId) {
                this.close();
                this.notification.add(_t("The conversation that was open is not in Odoo any more."), {
                    type: "warning",
                });
            }
        }
    }

    /**
     * Of several pages that are asked for, the last one counts, and the others are false.
     *
     * @param {Array | number | false} before what the page before said
     * @param {number} [limit]
     * @param {"isLoading" | "isRenewing"} [flag] which is set meanwhile
     * @returns {Promise<object | false>} false also when it could not be read
     */
    async fetchPage(before, limit = PAGE, flag = "isLoading") {
        this.requests += 1;
        const request = this.requests;
        const isLast = () => request === this.requests;
        Object.assign(this.state, {isLoading: false, isRenewing: false, error: false, [flag]: true});
        try {
            const isOutgoing = isOutgoingFolder(this.state.folder);
            const page = await (isOutgoing
                ? this.fetchOutgoing(before, limit)
                : this.fetchThreads(before, limit));
            return isLast() && page;
        } catch (error) {
            if (isLast()) {
                Object.assign(this.state, {isLoading: false, isRenewing: false, error: getReason(error)});
            }
            return false;
        }
    }

    fetchThreads(before, limit) {
        const {folder, mailboxId} = this.state;
        return this.orm.silent.call(EMAIL, "search_threads", [], {
            domain: this.domain,
            folder,
            mailbox_id: mailboxId,
            before,
            limit,
            context: this.context,
        });
    }

    async fetchOutgoing(before, limit) {
        const {folder, mailboxId} = this.state;
        const page = await this.orm.silent.call(OUTGOING, "search_outgoing", [], {
            folder,
            before,
            limit,
            domain: mailboxId ? [["mailbox_id", "=", mailboxId]] : [],
        });
        return {threads: page.rows, before: page.before};
    }

    showPage({before}, threads) {
        this.before = before;
        this.selection.follow(threads);
        Object.assign(this.state, {threads, hasMore: Boolean(before), isLoading: false, isRenewing: false});
    }

    // ------------------------------------------------------------
    // THE CONVERSATION
    // ------------------------------------------------------------

    /**
     * Open the conversation of an e-mail, or read it anew; another one is gone at once, with its buttons.
     *
     * Of several that are opened, the last one is shown.
     */
    async open(id) {
        const {conversation: shown} = this.state;
        const isShown = shown && shown.emails.some((email) => email.id === id);
        this.openings += 1;
        const opening = this.openings;
        const show = (values) =>
            opening === this.openings && Object.assign(this.state, {isOpening: false, ...values});
        Object.assign(this.state, {
            openId: id,
            conversation: isShown && shown,
            isOpening: true,
            openError: false,
        });
        try {
            show({conversation: await this.orm.silent.call(EMAIL, "read_conversation", [[id]])});
        } catch (error) {
            show({conversation: false, openError: getReason(error)});
        }
    }

    close() {
        this.openings += 1;
        Object.assign(this.state, {openId: false, conversation: false, isOpening: false, openError: false});
    }

    // ------------------------------------------------------------
    // ACTIONS
    // ------------------------------------------------------------

    /** Open what a method of e-mails returns: a draft, a dialog, a record. */
    async openAction(method, ids, args = []) {
        const action = await this.orm.call(EMAIL, method, [ids, ...args]);
        return this.action.doAction(action);
    }

    /** Write an e-mail, from a record to whom it is about. */
    async compose() {
        const {escala_on_record: resModel, active_id: resId} = this.context;
        if (resModel) {
            return this.action.doAction(await this.orm.call(resModel, "action_compose_email", [[resId]]));
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "escala.email.outgoing",
            views: [[false, "form"]],
        });
    }
}
