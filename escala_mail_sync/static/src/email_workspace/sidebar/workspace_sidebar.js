import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const FOLDERS = {
    inbox: {icon: "fa-inbox", label: _t("Inbox")},
    to_answer: {icon: "fa-reply", label: _t("To answer")},
    sent: {icon: "fa-paper-plane-o", label: _t("Sent")},
    all: {icon: "fa-envelope-o", label: _t("All e-mails")},
    drafts: {icon: "fa-pencil", label: _t("Drafts")},
    scheduled: {icon: "fa-clock-o", label: _t("Scheduled")},
    quarantine: {icon: "fa-exclamation-triangle", label: _t("Quarantine")},
};

/** The left side: mailboxes and folders. */
export class WorkspaceSidebar extends Component {
    static template = "escala_mail_sync.WorkspaceSidebar";
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
        this.ui = useState(useService("ui"));
    }

    get folders() {
        const {counts, folder} = this.state;
        return Object.entries(FOLDERS)
            .filter(([name]) => name !== "quarantine" || "quarantine" in counts)
            .map(([name, shown]) => ({
                ...shown,
                name,
                count: counts[name] || 0,
                isActive: name === folder,
            }));
    }

    showFolder(name) {
        const {action} = this.props.model;
        if (name === "quarantine") {
            return action.doAction("escala_mail_sync.escala_mailbox_message_action");
        }
        return this.props.model.showFolder(name);
    }
}
