import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {EmailFrame} from "./email_frame";
import {Face} from "../thread_list/face";
import {MessageFiles} from "./message_files";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {getEmailOptions} from "./email_options";
import {_t} from "@web/core/l10n/translation";
import {getFullDate, getShortDate, getShortDateAndTime} from "../thread_list/short_date";
import {printEmail} from "./print_email";
import {splitShownAddresses} from "@escala_mail_sync/email_addresses/address_list";

/** One e-mail of the conversation: a line, or the whole. */
export class Message extends Component {
    static template = "escala_mail_sync.Message";
    static components = {Dropdown, DropdownItem, EmailFrame, Face, MessageFiles};
    static props = {
        actions: Object,
        body: {type: Object, optional: true},
        conversation: Object,
        email: Object,
        isUnfolded: Boolean,
        onImagesChanged: Function,
        onToggle: Function,
    };

    setup() {
        this.state = useState({showsDetails: false});
    }

    get date() {
        return deserializeDateTime(this.props.email.date);
    }

    get shortDate() {
        return getShortDate(this.date);
    }

    get dateAndTime() {
        return getShortDateAndTime(this.date);
    }

    get longDate() {
        return getFullDate(this.date);
    }

    /** To whom it went, in a line that is cut off where it is too long. */
    get recipients() {
        const {cc, recipients} = this.props.email;
        return [recipients && _t("To: %s", recipients), cc && _t("Cc: %s", cc)].filter(Boolean).join(" · ");
    }

    /** What stands around the text, whole. */
    get details() {
        const {cc, recipients, sender} = this.props.email;
        return [
            {label: _t("From"), lines: [sender]},
            {label: _t("To"), lines: splitShownAddresses(recipients)},
            {label: _t("Cc"), lines: splitShownAddresses(cc)},
            {label: _t("Date"), lines: [this.longDate]},
        ].filter(({lines}) => lines.some(Boolean));
    }

    get detailsLabel() {
        return this.state.showsDetails ? _t("Hide details") : _t("Show details");
    }

    /** What is shown in the text is no file beside it. */
    get files() {
        const {body, email} = this.props;
        return email.attachments.filter(({id}) => !new RegExp(`/web/image/${id}\\b`).test(body.html));
    }

    /** Neither words nor anything to look at. */
    get isEmpty() {
        const {body} = new DOMParser().parseFromString(this.props.body.html, "text/html");
        return !this.blocksImages && !body.textContent.trim() && !body.querySelector("img, hr, table");
    }

    get blocksImages() {
        const {body} = this.props;
        return body.has_remote_images && !this.withRemoteImages;
    }

    get withRemoteImages() {
        const {body} = this.props;
        return Boolean(body.withRemoteImages || body.is_trusted);
    }

    get options() {
        const {actions, body, conversation, email} = this.props;
        return getEmailOptions(
            email,
            conversation,
            {isTrusted: Boolean(body?.is_trusted)},
            {
                replyAll: () => this.answer("action_reply_all"),
                forward: () => this.answer("action_forward"),
                exclude: () => actions.model.bulk.exclude([email.id]),
                markUnread: () => actions.markUnread(email),
                assign: () => actions.assign(email),
                print: () => this.print(),
                createContact: () => actions.create("res.partner", email),
                createLead: () => actions.create("crm.lead", email),
                linkContact: () => actions.link("res.partner"),
                linkLead: () => actions.link("crm.lead"),
                call: (method) => actions.call(method, [email.id]),
                distrust: () => this.distrust(),
                remove: () => actions.remove(email),
            }
        );
    }

    answer(method) {
        return this.props.actions.model.openAction(method, [this.props.email.id]);
    }

    showImages() {
        return this.props.onImagesChanged(true);
    }

    async trust() {
        await this.props.actions.trust(this.props.email);
        await this.props.onImagesChanged(false);
    }

    async distrust() {
        await this.props.actions.distrust(this.props.email);
        await this.props.onImagesChanged(false);
    }

    print() {
        const {body, email} = this.props;
        if (!body) {
            return; // It has not come yet
        }
        printEmail({
            subject: email.subject,
            lines: [email.sender, email.recipients, email.cc, this.longDate].filter(Boolean),
            html: body.html,
            withRemoteImages: this.withRemoteImages,
        });
    }
}
