import {AnswerBar} from "./answer_bar";
import {Component, onWillUnmount, useEffect, useRef, useState} from "@odoo/owl";
import {ConversationActions} from "./conversation_actions";
import {CustomerCard} from "./customer_card";
import {LinkedRecords} from "./linked_records";
import {Message} from "./message";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {getOlder} from "./fold_conversation";
import {useCustomerColumn} from "./customer_column";
import {useService} from "@web/core/utils/hooks";

const READ_AFTER = 1000; // Milliseconds

/** The right side: one conversation, its latest e-mail unfolded, and whom it is with. */
export class Conversation extends Component {
    static template = "escala_mail_sync.Conversation";
    static components = {AnswerBar, CustomerCard, LinkedRecords, Message};
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
        this.shown = useState({unfolded: new Set(), bodies: {}, showsOlder: false});
        this.column = useCustomerColumn();
        this.messages = useRef("messages");
        this.actions = new ConversationActions(this.props.model, {
            dialog: useService("dialog"),
            notification: useService("notification"),
            store: useService("mail.store"),
        });
        useEffect(
            () => {
                this.begin();
            },
            () => [this.state.conversation?.id]
        );
        useEffect(
            () => {
                this.loadBodies();
            },
            () => [this.state.conversation]
        );
        useEffect(
            () => {
                this.showFirstUnfolded();
            },
            () => [this.shown.unfolded]
        );
        onWillUnmount(() => browser.clearTimeout(this.reading));
    }

    get conversation() {
        return this.state.conversation;
    }

    get latest() {
        return this.conversation.emails.at(-1);
    }

    get isToAnswer() {
        return this.conversation.emails.some((email) => email.to_answer);
    }

    get columnLabel() {
        return this.column.isFolded ? _t("Show the customer") : _t("Hide the customer");
    }

    get older() {
        const {shown} = this;
        return shown.showsOlder ? null : getOlder(this.conversation.emails, shown.unfolded);
    }

    get olderLabel() {
        const {start, end} = this.older;
        const unread = this.conversation.emails.slice(start, end).filter((email) => email.unread).length;
        return unread
            ? _t("%(count)s older e-mails, %(unread)s unread", {count: end - start, unread})
            : _t("%s older e-mails", end - start);
    }

    /** The e-mails that are a line or more, older ones folded away apart. */
    get visible() {
        const {older} = this;
        return this.conversation.emails.filter(
            (_email, index) => !older || index < older.start || index >= older.end
        );
    }

    /** A conversation is opened. */
    begin() {
        browser.clearTimeout(this.reading);
        const {conversation} = this;
        if (!conversation) {
            return;
        }
        Object.assign(this.shown, {
            unfolded: new Set(conversation.unfolded),
            bodies: {},
            showsOlder: false,
        });
        this.showBodies(conversation.bodies, false);
        this.reading = browser.setTimeout(() => this.actions.markRead(this.shown.unfolded), READ_AFTER);
    }

    /** Begin at what is new; of what stands before it, one sees as much as there is place for. */
    showFirstUnfolded() {
        const pane = this.messages.el;
        const first = pane?.querySelector(".o_escala_unfolded");
        if (first) {
            const header = pane.querySelector(".o_escala_conversation_header");
            pane.scrollTop = 0;
            pane.scrollTop = first.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
        }
    }

    async loadBodies() {
        const {bodies, unfolded} = this.shown;
        const ids = this.conversation ? [...unfolded].filter((id) => !bodies[id]) : [];
        if (ids.length) {
            await this.readBodies(ids, false);
        }
    }

    async readBodies(ids, withRemoteImages) {
        const read = await this.props.model.orm.silent.call("escala.email", "read_bodies", [
            ids,
            withRemoteImages,
        ]);
        this.showBodies(read, withRemoteImages);
    }

    showBodies(bodies, withRemoteImages) {
        for (const [id, body] of Object.entries(bodies)) {
            this.shown.bodies[id] = {...body, withRemoteImages};
        }
    }

    async toggle(email) {
        const {unfolded} = this.shown;
        if (unfolded.has(email.id)) {
            unfolded.delete(email.id);
            return;
        }
        unfolded.add(email.id);
        await Promise.all([this.loadBodies(), this.actions.markRead(unfolded)]);
    }

    /** Whom to trust has changed: that goes for all e-mails of the same sender. */
    async changeImages(email, withRemoteImages) {
        const {bodies} = this.shown;
        const ids = withRemoteImages
            ? [email.id]
            : this.conversation.emails
                  .filter(({id, sender_email: sender}) => bodies[id] && sender === email.sender_email)
                  .map(({id}) => id);
        await this.readBodies(ids, withRemoteImages);
    }

    answer(method) {
        return this.props.model.openAction(method, [this.latest.id]);
    }
}
