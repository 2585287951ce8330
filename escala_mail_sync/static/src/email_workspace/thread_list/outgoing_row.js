import {getFullDate, getShortDate} from "./short_date";
import {getShownName, splitAddresses} from "@escala_mail_sync/email_addresses/address_list";
import {Component, status} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {oneAtATime} from "../one_at_a_time";
import {useService} from "@web/core/utils/hooks";

const OUTGOING = "escala.email.outgoing";

/** What the list shows of an e-mail that is being written, waits for its time, or was not sent. */
export class OutgoingRow extends Component {
    static template = "escala_mail_sync.OutgoingRow";
    static props = {row: Object, onFocus: Function, onChanged: Function};

    setup() {
        this.dialog = useService("dialog");
        // Not by useService: when the server has answered, the row may be gone, and is still to be opened
        const {action, orm} = this.env.services;
        Object.assign(this, {action, orm});
        this.call = oneAtATime(this.call.bind(this), (method) => method);
    }

    get recipients() {
        return splitAddresses(this.props.row.to).map(getShownName).join(", ");
    }

    get isNotSent() {
        return ["failed", "unknown"].includes(this.props.row.state);
    }

    get stateLabel() {
        return {
            outgoing: _t("To be sent"),
            sending: _t("Being sent"),
            failed: _t("Not sent"),
            unknown: _t("Perhaps sent"),
        }[this.props.row.state];
    }

    /** When it goes; of a draft, when it was last written on. */
    get date() {
        const {date, send_at: sendAt, state} = this.props.row;
        return deserializeDateTime((state === "outgoing" && sendAt) || date);
    }

    get shortDate() {
        return getShortDate(this.date);
    }

    get fullDate() {
        return getFullDate(this.date);
    }

    get actions() {
        const send = {name: "send", icon: "fa-paper-plane", label: _t("Send now")};
        const remove = {name: "remove", icon: "fa-trash-o", label: _t("Delete")};
        const undo = {name: "undo", icon: "fa-undo", label: _t("Undo")};
        return (
            {
                draft: [send, remove],
                outgoing: [send, undo, remove],
                failed: [send, remove],
                unknown: [{...send, label: _t("Send again")}, remove],
            }[this.props.row.state] || []
        );
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: OUTGOING,
            res_id: this.props.row.id,
            views: [[false, "form"]],
        });
    }

    run(name) {
        return {send: this.send, undo: this.undo, remove: this.remove}[name].call(this);
    }

    send() {
        const {state} = this.props.row;
        return this.call({draft: "action_send", outgoing: "action_send_now"}[state] || "action_retry");
    }

    undo() {
        return this.call("action_undo");
    }

    remove() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete"),
            body: _t("“%s” is deleted, and not sent to anybody.", this.props.row.subject || _t("No subject")),
            confirmLabel: _t("Delete"),
            confirmClass: "btn-danger",
            confirm: () => this.call("unlink"),
            cancel: () => null,
        });
    }

    /** Call a method of the server, and do what it returns if that is an action. */
    async call(method) {
        const result = await this.orm.call(OUTGOING, method, [[this.props.row.id]]);
        if (result?.type) {
            await this.action.doAction(result);
        }
        if (status(this) !== "destroyed") {
            this.props.onChanged();
        }
    }
}
