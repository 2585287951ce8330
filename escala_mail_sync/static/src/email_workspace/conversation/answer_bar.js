import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const BUTTONS = [
    {method: "action_reply", icon: "fa-reply", label: _t("Reply")},
    {method: "action_reply_all", icon: "fa-reply-all", label: _t("Reply all")},
    {method: "action_forward", icon: "fa-share", label: _t("Forward")},
];

/** Below the last e-mail, where one has come to the end of reading: how to go on. */
export class AnswerBar extends Component {
    static template = "escala_mail_sync.AnswerBar";
    static props = {onAnswer: Function};

    setup() {
        this.buttons = BUTTONS;
    }
}
