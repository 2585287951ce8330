import {getFullDate, getShortDate} from "./short_date";
import {Component} from "@odoo/owl";
import {Face} from "./face";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";

const CHIPS = 2;

/** What the list shows of a conversation. */
export class ThreadRow extends Component {
    static template = "escala_mail_sync.ThreadRow";
    static components = {Face};
    static props = {
        row: Object,
        isOpen: Boolean,
        isTicked: Boolean,
        onAction: Function,
        onOpen: Function,
        onFocus: Function,
        onTick: Function,
    };

    get date() {
        return deserializeDateTime(this.props.row.date);
    }

    get labels() {
        const {count, subject} = this.props.row;
        return {count: _t("%s e-mails", count), tick: _t("Select: %s", subject)};
    }

    get shortDate() {
        return getShortDate(this.date);
    }

    get fullDate() {
        return getFullDate(this.date);
    }

    /** Who wrote before, and who wrote last. */
    get names() {
        const {names} = this.props.row;
        const earlier = names.slice(0, -1).map((name) => `${name},`);
        return {earlier: earlier.join(" "), latest: names.at(-1) || ""};
    }

    /** What is done most, without opening: by the names of BulkActions. */
    get actions() {
        const {to_answer: isToAnswer, unread} = this.props.row;
        const done = {name: "markDone", icon: "fa-check", label: _t("Done, without an answer")};
        const read = {name: "markRead", icon: "fa-envelope-open-o", label: _t("Mark as read")};
        const notRead = {name: "markUnread", icon: "fa-envelope", label: _t("Mark as unread")};
        return [isToAnswer && done, unread ? read : notRead].filter(Boolean);
    }

    get chips() {
        const {partners, leads} = this.props.row;
        const all = [
            ...leads.map((lead) => ({...lead, key: `lead${lead.id}`, icon: "fa-star-o"})),
            ...partners.map((partner) => ({...partner, key: `partner${partner.id}`, icon: "fa-user-o"})),
        ];
        const more = all.slice(CHIPS);
        return {shown: all.slice(0, CHIPS), more, moreNames: more.map(({name}) => name).join(", ")};
    }
}
