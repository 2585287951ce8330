import {AssignDialog} from "../thread_list/assign_dialog";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {_t} from "@web/core/l10n/translation";
import {chooseRecord} from "../choose_record";
import {getMailtoAction} from "./mailto";
import {oneAtATime} from "../one_at_a_time";
import {showNotice} from "../notice";

const EMAIL = "escala.email";

/**
 * What the buttons of the open conversation do.
 *
 * The methods of the server are in models/escala_email_{linking,assignment,read_state,sharing,files}.py.
 */
export class ConversationActions {
    /**
     * @param {object} model the workspace's, see email_workspace_model.js
     * @param {{dialog: object, notification: object, store: object}} services
     */
    constructor(model, {dialog, notification, store}) {
        Object.assign(this, {model, dialog, notification, store});
        this.orm = model.orm;
        this.create = oneAtATime(this.create.bind(this));
    }

    get conversation() {
        return this.model.state.conversation;
    }

    /** Read the conversation and its row in the list anew. */
    async refresh() {
        const {openId} = this.model.state;
        await Promise.all([openId && this.model.open(openId), this.model.refresh()]);
    }

    /** Call a method of the server, and show what has become of it. */
    async call(method, ids, args = []) {
        await this.orm.call(EMAIL, method, [ids, ...args]);
        await this.refresh();
    }

    /** Call a method of the server that returns how to take it back; say what was done, and offer that. */
    async callWithUndo(method, ids, args, message) {
        const undo = await this.orm.call(EMAIL, method, [ids, ...args]);
        await this.refresh();
        this.offerUndo(message, undo);
    }

    offerUndo(message, undo) {
        const takeBack = () => this.call(undo.method, undo.ids, undo.args);
        showNotice(this.notification, message, undo ? [[_t("Undo"), takeBack]] : []);
    }

    openRecord(resModel, resId) {
        return this.model.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    /**
     * Write to an address of a link.
     *
     * @param {string} href mailto:, RFC 6068
     */
    writeTo(href) {
        if (!this.model.state.canWrite) {
            return undefined;
        }
        return this.model.action.doAction(getMailtoAction(href));
    }

    // ------------------------------------------------------------
    // READ, DONE, ASSIGNED
    // ------------------------------------------------------------

    /**
     * The conversation on the screen is read; silently, as nobody has asked for it. What is folded keeps its mark, and
     * the server is told of it once.
     *
     * @param {Set<number>} unfolded ids
     */
    async markRead(unfolded) {
        const unread = this.conversation.emails.filter((email) => email.unread);
        const news = unread.filter((email) => !email.isToldAsRead);
        if (news.length) {
            await this.tellAsRead(news);
        }
        unread.filter(({id}) => unfolded.has(id)).forEach((email) => Object.assign(email, {unread: false}));
    }

    async tellAsRead(emails) {
        const note = (isToldAsRead) => emails.forEach((email) => Object.assign(email, {isToldAsRead}));
        note(true); // Before the answer: what is unfolded meanwhile asks again
        try {
            await this.orm.silent.call(EMAIL, "mark_read", [emails.map(({id}) => id)]);
        } catch (error) {
            note(false);
            throw error;
        }
        this.model.showAsRead(emails.length);
    }

    /** Nothing is read any more from here on; what is closed is not marked as read at once again. */
    async markUnread(email) {
        await this.orm.call(EMAIL, "mark_unread", [[email.id]]);
        this.model.close();
        await this.model.refresh();
    }

    markDone() {
        return this.model.bulk.markDone([this.conversation.id]);
    }

    assign(email) {
        this.dialog.add(AssignDialog, {
            loadUsers: () => this.orm.call(EMAIL, "get_assignees", [[email.id]]),
            onChosen: (userId) => this.callWithUndo("assign", [email.id], [userId], _t("Assigned")),
        });
    }

    // ------------------------------------------------------------
    // CONTACTS AND LEADS
    // ------------------------------------------------------------

    /** @param {"res.partner" | "crm.lead"} resModel */
    link(resModel) {
        chooseRecord(this.dialog, resModel, (resId) => this.linkWith(resModel, resId));
    }

    linkWith(resModel, resId) {
        return this.callWithUndo("action_link", [this.conversation.id], [resModel, resId], _t("Linked"));
    }

    /** @param {"res.partner" | "crm.lead"} resModel @param {{id: number, name: string}} record */
    async unlink(resModel, record) {
        const ids = [this.conversation.id];
        if (!(await this.orm.call(EMAIL, "is_read_by_link_alone", [ids, resModel, record.id]))) {
            await this.takeLinkAway(ids, resModel, record);
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Unlink"),
            body: _t("You read this e-mail because of %s. Without the link, you cannot.", record.name),
            confirmLabel: _t("Unlink"),
            confirm: () => this.takeLinkAway(ids, resModel, record),
            cancel: () => null,
        });
    }

    async takeLinkAway(ids, resModel, record) {
        const {is_readable: isReadable, undo} = await this.orm.call(EMAIL, "action_unlink", [
            ids,
            resModel,
            record.id,
        ]);
        if (!isReadable) {
            this.model.close();
        }
        await this.refresh();
        this.offerUndo(_t("Not linked with %s any more", record.name), undo);
    }

    /** A form that begins with what the e-mail says; what is saved is linked. */
    async create(resModel, email) {
        this.dialog.add(FormViewDialog, {
            resModel,
            title: resModel === "crm.lead" ? _t("New lead") : _t("New contact"),
            context: await this.orm.call(EMAIL, "prepare_new_record", [[email.id], resModel]),
            onRecordSaved: (record) => this.linkWith(resModel, record.resId),
        });
    }

    async schedule(resModel, resId) {
        await this.store.scheduleActivity(resModel, [resId]);
        await this.refresh();
    }

    // ------------------------------------------------------------
    // OPTIONS
    // ------------------------------------------------------------

    async trust(email) {
        await this.orm.call(EMAIL, "trust_sender", [[email.id]]);
        const open = () => this.model.action.doAction("escala_mail_sync.escala_email_trusted_sender_action");
        const message = _t("Images of %s are shown from now on.", email.sender_email);
        showNotice(this.notification, message, [[_t("Show all"), open]]);
    }

    async distrust(email) {
        await this.orm.call(EMAIL, "distrust_sender", [[email.id]]);
    }

    remove(email) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove from Odoo"),
            body: _t(
                "This e-mail is removed from Odoo with its files, and will not come back. In the mailbox, it stays."
            ),
            confirmLabel: _t("Remove"),
            confirmClass: "btn-danger",
            confirm: async () => {
                await this.orm.call(EMAIL, "action_remove", [[email.id]]);
                this.notification.add(_t("Removed from Odoo. In the mailbox, nothing has changed."), {
                    type: "success",
                });
                await this.openWhatIsLeft(email);
            },
            cancel: () => null,
        });
    }

    async openWhatIsLeft(removed) {
        const left = this.conversation.emails.filter(({id}) => id !== removed.id).at(-1);
        await Promise.all([left ? this.model.open(left.id) : this.model.close(), this.model.refresh()]);
    }

    // ------------------------------------------------------------
    // FILES
    // ------------------------------------------------------------

    async saveFile(email, file, partner) {
        const {id, is_new: isNew} = await this.orm.call(EMAIL, "save_file_to_contact", [
            [email.id],
            file.id,
            partner.id,
        ]);
        const message = isNew
            ? _t("%(file)s is now among the files of %(contact)s", {file: file.name, contact: partner.name})
            : _t("%(contact)s has %(file)s already", {file: file.name, contact: partner.name});
        const open = [_t("Open %s", partner.name), () => this.openRecord("res.partner", partner.id)];
        const undo = [_t("Undo"), () => this.orm.unlink("ir.attachment", [id])];
        const buttons = isNew ? [open, undo] : [open];
        showNotice(this.notification, message, buttons, isNew ? "success" : "info");
    }
}
