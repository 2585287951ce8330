import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {FOLDERS} from "./folders";
import {FolderList} from "./folder_list";
import {SIZES} from "@web/core/ui/ui_service";
import {formatCount} from "../format_count";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useService} from "@web/core/utils/hooks";

/** The left side: folders, mailboxes and saved searches; above the list where the screen is narrow. */
export class WorkspaceSidebar extends Component {
    static template = "escala_mail_sync.WorkspaceSidebar";
    static components = {Dropdown, FolderList};
    static props = {model: Object};

    setup() {
        this.state = useState(this.props.model.state);
        this.ui = useState(useService("ui"));
        this.dropdown = useDropdownState();
    }

    get isNarrow() {
        return this.ui.size < SIZES.LG;
    }

    /** What is chosen. */
    get folder() {
        const {counts, folder, mailboxId, mailboxes} = this.state;
        const mailbox = mailboxes.find(({id}) => id === mailboxId);
        const count = counts[folder] || 0;
        return {...FOLDERS[folder], count: count && formatCount(count), mailbox: mailbox?.name};
    }
}
