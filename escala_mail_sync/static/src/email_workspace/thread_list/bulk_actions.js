import {AssignDialog} from "./assign_dialog";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ExcludeDialog} from "./exclude_dialog";
import {_t} from "@web/core/l10n/translation";
import {chooseRecord} from "../choose_record";
import {oneAtATime} from "../one_at_a_time";
import {showNotice} from "../notice";

const EMAIL = "escala.email";

/**
 * What can be done to several conversations: ask what is to be asked, do it, say what was done, and offer to undo it.
 *
 * The methods of the server are in models/escala_email_bulk.py and escala_email_bulk_exclusion.py.
 */
export class BulkActions {
    /**
     * @param {object} model the workspace's, see email_workspace_model.js
     * @param {{dialog: object, notification: object}} services
     */
    constructor(model, {dialog, notification}) {
        Object.assign(this, {model, dialog, notification});
        this.orm = model.orm;
        this.run = oneAtATime(this.run.bind(this), (...args) => JSON.stringify(args));
    }

    markRead(ids) {
        return this.run(ids, "bulk_mark_read");
    }

    markUnread(ids) {
        return this.run(ids, "bulk_mark_unread");
    }

    markDone(ids) {
        return this.run(ids, "bulk_mark_done");
    }

    assign(ids) {
        this.dialog.add(AssignDialog, {
            loadUsers: () => this.orm.call(EMAIL, "get_bulk_assignees", [ids]),
            onChosen: (userId) => this.run(ids, "bulk_assign", [userId]),
        });
    }

    /** @param {number[]} ids @param {"res.partner" | "crm.lead"} resModel */
    link(ids, resModel) {
        chooseRecord(this.dialog, resModel, (resId) => this.run(ids, "bulk_link", [resModel, resId]));
    }

    async exclude(ids) {
        this.dialog.add(ExcludeDialog, {
            plan: await this.orm.call(EMAIL, "prepare_exclusion", [ids]),
            onConfirmed: (remove) => {
                const args = [remove];
                return remove
                    ? this.runAndClose(ids, "bulk_exclude_senders", args)
                    : this.run(ids, "bulk_exclude_senders", args);
            },
        });
    }

    remove(ids) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove from Odoo"),
            body: _t(
                "The e-mails of these conversations are removed from Odoo with their files, and will not come back. In the mailbox, they stay."
            ),
            confirmLabel: _t("Remove"),
            confirmClass: "btn-danger",
            confirm: () => this.runAndClose(ids, "bulk_remove"),
            cancel: () => null,
        });
    }

    /** Call a method of the server with the rows, and say what it reports. */
    async run(ids, method, args = []) {
        const report = await this.orm.call(EMAIL, method, [ids, ...args]);
        this.model.selection.clear();
        this.say(report, ids);
        await this.refresh(ids);
    }

    /** The same for what takes e-mails away: of those that are gone, none stays open. */
    async runAndClose(ids, method, args = []) {
        if (this.isOpen(ids)) {
            this.model.close();
        }
        await this.run(ids, method, args);
    }

    isOpen(ids) {
        const {conversation} = this.model.state;
        return Boolean(conversation) && conversation.emails.some(({id}) => ids.includes(id));
    }

    /** Read the list anew, and the conversation that is open if it is one of these. */
    async refresh(ids) {
        const {model} = this;
        await Promise.all([model.refresh(), this.isOpen(ids) && model.open(model.state.openId)]);
    }

    say({message, undo}, rowIds) {
        const buttons = undo ? [[_t("Undo"), () => this.takeBack(undo, rowIds)]] : [];
        showNotice(this.notification, message, buttons);
    }

    async takeBack({model, method, ids, args}, rowIds) {
        await this.orm.call(model, method, [ids, ...args]);
        await this.refresh(rowIds);
    }
}
