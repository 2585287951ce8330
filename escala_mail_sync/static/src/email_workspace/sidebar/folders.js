import {_t} from "@web/core/l10n/translation";

/** The folders on the left, in their order. */
export const FOLDERS = {
    inbox: {icon: "fa-inbox", label: _t("Inbox")},
    to_answer: {icon: "fa-reply", label: _t("To answer")},
    sent: {icon: "fa-paper-plane-o", label: _t("Sent")},
    all: {icon: "fa-envelope-o", label: _t("All e-mails")},
    drafts: {icon: "fa-pencil", label: _t("Drafts")},
    scheduled: {icon: "fa-clock-o", label: _t("Scheduled")},
    quarantine: {icon: "fa-exclamation-triangle", label: _t("Quarantine")},
};
