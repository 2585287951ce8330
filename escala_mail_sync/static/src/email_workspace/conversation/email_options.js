import {_t} from "@web/core/l10n/translation";

/**
 * What the menu *E-mail options* of an e-mail offers, in groups.
 *
 * @param {object} email one of read_conversation
 * @param {object} conversation
 * @param {{isTrusted: boolean}} body
 * @param {object} run what to do, by name: each gets the e-mail
 * @returns {{name: string, icon: string, label: string, run: Function}[][]}
 */
export function getEmailOptions(email, conversation, {isTrusted}, run) {
    const {rights} = conversation;
    const isIn = email.direction === "in";
    const groups = [
        rights.write
            ? [
                  ["reply_all", "fa-reply-all", _t("Reply all"), run.replyAll],
                  ["forward", "fa-share", _t("Forward"), run.forward],
              ]
            : [],
        [
            isIn && ["unread", "fa-envelope", _t("Mark as unread"), run.markUnread],
            rights.link && ["assign", "fa-user-o", _t("Assign…"), run.assign],
            ["print", "fa-print", _t("Print"), run.print],
        ],
        rights.link ? getLinkingOptions(rights, run) : [],
        getSharingOptions(email, conversation).map(([method, icon, label]) => [
            method,
            icon,
            label,
            (each) => run.call(method, each),
        ]),
        [
            isTrusted && [
                "distrust",
                "fa-picture-o",
                _t("Stop showing images of %s", email.sender_email),
                run.distrust,
            ],
            isIn && rights.write && ["exclude", "fa-ban", _t("Exclude sender"), run.exclude],
            email.can_remove && ["remove", "fa-eraser", _t("Remove from Odoo"), run.remove],
        ],
    ];
    return groups
        .map((group) =>
            group.filter(Boolean).map(([name, icon, label, act]) => ({name, icon, label, run: act}))
        )
        .filter((group) => group.length);
}

function getLinkingOptions(rights, run) {
    return [
        rights.contact && ["contact", "fa-user-plus", _t("Create contact"), run.createContact],
        rights.lead && ["lead", "fa-star-o", _t("Create lead"), run.createLead],
        ["link_contact", "fa-link", _t("Link with a contact…"), run.linkContact],
        rights.see_leads && ["link_lead", "fa-link", _t("Link with a lead…"), run.linkLead],
    ];
}

/** As on the form of an e-mail, see views/escala_email_views.xml */
function getSharingOptions(email, {thread_id: threadId}) {
    const options = [];
    if (email.can_share) {
        options.push(
            email.is_shared_on_purpose
                ? ["action_stop_sharing", "fa-eye-slash", _t("Stop sharing")]
                : ["action_share", "fa-eye", _t("Share")]
        );
    }
    if (email.can_share && email.is_conversation_shared) {
        options.push(["action_stop_sharing_conversation", "fa-eye-slash", _t("Stop sharing conversation")]);
    } else if (email.can_share && threadId) {
        options.push(["action_share_conversation", "fa-eye", _t("Share conversation")]);
    }
    if (email.can_hide) {
        options.push(
            email.is_conversation_hidden
                ? ["action_show_conversation", "fa-eye", _t("Show conversation")]
                : ["action_hide_conversation", "fa-eye-slash", _t("Hide conversation")]
        );
    }
    return options;
}
