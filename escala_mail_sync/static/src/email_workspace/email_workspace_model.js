import {KeepLast} from "@web/core/utils/concurrency";
import {Model} from "@web/model/model";
import {reactive} from "@odoo/owl";

const EMAIL = "escala.email";
const MAILBOX = "escala.mailbox";
export const PAGE = 30; // Conversations
/** Folders whose content is being written, not mail that came in or went out. */
export const OUTGOING_FOLDERS = ["drafts", "scheduled"];

/**
 * What the workspace shows, and what its buttons do.
 *
 * `state` is reactive:
 * - `folder`, `mailboxId`: what is chosen on the left; no mailbox means all of them
 * - `mailboxes`, `counts`, `canConnect`: see get_workspace in models/escala_mailbox_workspace.py
 * - `threads`: rows, see search_threads in models/escala_email_workspace.py; `hasMore`, `isLoading`
 * - `selected`: ids of the rows that are ticked
 * - `openId`: id of the e-mail whose conversation is open, or false; `conversation`, `isOpening`
 */
export class EmailWorkspaceModel extends Model {
    static services = ["action", "notification"];

    setup({state, folder, mailboxId, openId}, {action, notification}) {
        this.action = action;
        this.notification = notification;
        this.keepLastPage = new KeepLast();
        this.keepLastConversation = new KeepLast();
        this.domain = [];
        this.before = false;
        this.state = reactive({
            folder: folder || "inbox",
            mailboxId: mailboxId || false,
            mailboxes: [],
            counts: {},
            canConnect: false,
            threads: [],
            hasMore: false,
            isLoading: false,
            selected: new Set(),
            openId: openId || false,
            conversation: false,
            isOpening: false,
            ...state,
        });
    }

    /** What is kept when the user goes elsewhere and comes back. */
    exportState() {
        const {folder, mailboxId, openId} = this.state;
        return {folder, mailboxId, openId};
    }

    /** The search has changed, or the workspace is opened. */
    async load({domain = [], context = {}}) {
        this.domain = domain;
        this.context = context;
        await Promise.all([this.loadWorkspace(), this.loadThreads()]);
        if (this.state.openId && !this.state.conversation) {
            await this.open(this.state.openId);
        }
    }

    async loadWorkspace() {
        const {mailboxes, counts, can_connect: canConnect} = await this.orm.silent.call(
            MAILBOX,
            "get_workspace",
            []
        );
        Object.assign(this.state, {mailboxes, counts, canConnect});
    }

    // ------------------------------------------------------------
    // THE LIST
    // ------------------------------------------------------------

    /** Show a folder, of one mailbox or of all. */
    async showFolder(folder, mailboxId = this.state.mailboxId) {
        Object.assign(this.state, {folder, mailboxId, threads: [], hasMore: false});
        this.close();
        await this.loadThreads();
    }

    async loadThreads() {
        this.state.selected.clear();
        this.state.isLoading = true;
        const page = await this.keepLastPage.add(this.fetchPage(false));
        this.showPage(page, []);
    }

    async loadMore() {
        if (this.state.isLoading || !this.state.hasMore) {
            return;
        }
        this.state.isLoading = true;
        const page = await this.keepLastPage.add(this.fetchPage(this.before));
        this.showPage(page, this.state.threads);
    }

    fetchPage(before) {
        const {folder, mailboxId} = this.state;
        return this.orm.silent.call(EMAIL, "search_threads", [], {
            domain: this.domain,
            folder,
            mailbox_id: mailboxId,
            before,
            limit: PAGE,
            context: this.context,
        });
    }

    /** A conversation comes again by an older e-mail when it goes on over two pages. */
    showPage({threads, before}, shown) {
        const known = new Set(shown.map(getKey));
        const fresh = threads.filter((row) => !known.has(getKey(row)));
        this.before = before;
        Object.assign(this.state, {
            threads: [...shown, ...fresh],
            hasMore: Boolean(before),
            isLoading: false,
        });
    }

    // ------------------------------------------------------------
    // THE CONVERSATION
    // ------------------------------------------------------------

    async open(id) {
        Object.assign(this.state, {openId: id, isOpening: true});
        const request = this.orm.silent.call(EMAIL, "read_conversation", [[id]]);
        const conversation = await this.keepLastConversation.add(request);
        Object.assign(this.state, {conversation, isOpening: false});
    }

    close() {
        Object.assign(this.state, {openId: false, conversation: false, isOpening: false});
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

/** What tells conversations apart, one e-mail without a conversation too. */
export function getKey(row) {
    return row.thread_id || -row.id;
}
