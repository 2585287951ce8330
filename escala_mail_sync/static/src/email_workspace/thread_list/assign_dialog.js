import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {normalize} from "@web/core/l10n/utils/normalize";
import {useAutofocus} from "@web/core/utils/hooks";

/** Asks who is to answer: one of those who may read it. */
export class AssignDialog extends Component {
    static template = "escala_mail_sync.AssignDialog";
    static components = {Dialog};
    static props = {close: Function, loadUsers: Function, onChosen: Function};

    setup() {
        this.state = useState({term: "", users: []});
        useAutofocus();
        onWillStart(async () => {
            this.state.users = await this.props.loadUsers();
        });
    }

    get users() {
        const {term, users} = this.state;
        const wanted = normalize(term.trim());
        return users.filter((user) => normalize(user.name).includes(wanted));
    }

    /** Enter takes the first of those who are found. */
    onKeydown(ev) {
        const [first] = this.users;
        if (ev.key === "Enter" && this.state.term.trim() && first) {
            ev.preventDefault();
            this.choose(first);
        }
    }

    choose(user) {
        this.props.close();
        this.props.onChosen(user.id);
    }
}
