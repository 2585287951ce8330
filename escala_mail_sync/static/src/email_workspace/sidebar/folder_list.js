import {Component, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {FOLDERS} from "./folders";
import {formatCount} from "../format_count";
import {getMailboxState} from "./mailbox_state";

// Of whoever may not see them, they are not counted
const FOLDERS_BY_RIGHT = ["drafts", "scheduled", "quarantine"];

/** Folders, mailboxes and saved searches, to choose from. */
export class FolderList extends Component {
    static template = "escala_mail_sync.FolderList";
    static props = {model: Object, onChosen: {type: Function, optional: true}};

    setup() {
        this.action = useService("action");
        this.state = useState(this.props.model.state);
        this.formatCount = formatCount;
        useBus(this.env.searchModel, "update", () => this.render());
    }

    get folders() {
        const {counts, folder} = this.state;
        return Object.entries(FOLDERS)
            .filter(([name]) => !FOLDERS_BY_RIGHT.includes(name) || name in counts)
            .map(([name, shown]) => ({
                ...shown,
                name,
                count: counts[name] || 0,
                isActive: name === folder,
            }));
    }

    get mailboxes() {
        return this.state.mailboxes.map((mailbox) => ({
            ...mailbox,
            shownState: getMailboxState(mailbox),
            isActive: mailbox.id === this.state.mailboxId,
        }));
    }

    /** What the user has saved as favourites of the search. */
    get savedSearches() {
        return this.env.searchModel.getSearchItems((item) => item.type === "favorite");
    }

    showFolder(name) {
        this.props.onChosen?.();
        if (name === "quarantine") {
            return this.action.doAction("escala_mail_sync.escala_mailbox_message_action");
        }
        return this.props.model.showFolder(name);
    }

    /** Show one mailbox, or all again. */
    showMailbox({id, isActive}) {
        this.props.onChosen?.();
        return this.props.model.showFolder(this.state.folder, isActive ? false : id);
    }

    openAccount({id}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "escala.mailbox",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    search(item) {
        this.props.onChosen?.();
        this.env.searchModel.toggleSearchItem(item.id);
    }
}
