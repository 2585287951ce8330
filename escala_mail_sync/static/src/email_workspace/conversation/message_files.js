import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {FileModel} from "@web/core/file_viewer/file_model";
import {_t} from "@web/core/l10n/translation";
import {download} from "@web/core/network/download";
import {humanSize} from "@web/core/utils/binary";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";

const ICONS = [
    [/^image\//, "fa-file-image-o"],
    [/pdf/, "fa-file-pdf-o"],
    [/word|opendocument.text|rtf/, "fa-file-word-o"],
    [/excel|spreadsheet|csv/, "fa-file-excel-o"],
    [/powerpoint|presentation/, "fa-file-powerpoint-o"],
    [/zip|compressed|tar/, "fa-file-archive-o"],
    [/^text\//, "fa-file-text-o"],
];

/** The files of an e-mail: to be looked at, downloaded, or kept with the contact. */
export class MessageFiles extends Component {
    static template = "escala_mail_sync.MessageFiles";
    static components = {Dropdown, DropdownItem};
    static props = {actions: Object, contacts: Array, email: Object, files: Array};

    setup() {
        this.viewer = useFileViewer();
        this.humanSize = humanSize;
    }

    get files() {
        return this.props.files.map((file) => Object.assign(new FileModel(), file));
    }

    getIcon({mimetype}) {
        return (ICONS.find(([pattern]) => pattern.test(mimetype || "")) || [null, "fa-file-o"])[1];
    }

    getDownloadLabel({name}) {
        return _t("Download %s", name);
    }

    getSaveLabel({name}, contact) {
        return contact
            ? _t("Save %(file)s to %(contact)s", {file: name, contact: contact.name})
            : _t("Save %s to a contact", name);
    }

    /** Look at a file; what the browser cannot show is downloaded by the link itself. */
    open(ev, file) {
        if (file.isViewable) {
            ev.preventDefault();
            const {files} = this;
            this.viewer.open(
                files.find(({id}) => id === file.id),
                files
            );
        }
    }

    downloadAll() {
        const {email, files} = this.props;
        return download({
            url: "/mail/attachment/zip",
            data: {
                file_ids: files.map(({id}) => id).join(),
                zip_name: `${email.subject || email.sender_name}.zip`,
            },
        });
    }

    save(file, contact) {
        return this.props.actions.saveFile(this.props.email, file, contact);
    }
}
