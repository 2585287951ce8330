import {Component, useRef} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDropzone} from "@web/core/dropzone/dropzone_hook";
import {ListController} from "@web/views/list/list_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {listView} from "@web/views/list/list_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";

const ROUTE = "/escala_client_portal/documents/upload";

/** A button to choose files; the documents of one account only, since it has to be known whose they are. */
export class DocumentUploadButton extends Component {
    static template = "escala_client_portal.DocumentUploadButton";
    static props = {upload: Function};

    setup() {
        this.input = useRef("input");
    }

    onChange(ev) {
        this.props.upload([...ev.target.files]);
        ev.target.value = "";
    }
}

const withUpload = (Controller) =>
    class extends Controller {
        static components = {...Controller.components, DocumentUploadButton};

        setup() {
            super.setup();
            this.fileUpload = useService("file_upload");
            useBus(this.fileUpload.bus, "FILE_UPLOAD_LOADED", () => this.model.load());
            useDropzone(
                this.rootRef,
                (ev) => this.uploadDocuments([...ev.dataTransfer.files]),
                "",
                () => this.canUpload
            );
        }

        get canUpload() {
            return Boolean(this.props.context.default_account_id) && this.props.archInfo.activeActions.create;
        }

        uploadDocuments(files) {
            if (!files.length) {
                return;
            }
            return this.fileUpload.upload(ROUTE, files, {
                buildFormData: (form) => {
                    form.append("account_id", this.props.context.default_account_id);
                    form.append("folder_id", this.props.context.default_folder_id || "");
                },
            });
        }
    };

registry.category("views").add("client_documents_list", {
    ...listView,
    Controller: withUpload(ListController),
    buttonTemplate: "escala_client_portal.DocumentsListButtons",
});
registry.category("views").add("client_documents_kanban", {
    ...kanbanView,
    Controller: withUpload(KanbanController),
    buttonTemplate: "escala_client_portal.DocumentsKanbanButtons",
});
