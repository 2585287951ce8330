import {Dropzone} from "@web/core/dropzone/dropzone";
import {useCustomDropzone} from "@web/core/dropzone/dropzone_hook";
import {patch} from "@web/core/utils/patch";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {previewVcards} from "./vcard_import";

export class VcardDropzone extends Dropzone {
    static template = "escala_contact_sources.VcardDropzone";
}

// Wherever contacts are listed, and may be created.
for (const Controller of [KanbanController, ListController]) {
    patch(Controller.prototype, {
        setup() {
            super.setup();
            const {archInfo, resModel} = this.props;
            if (resModel === "res.partner" && archInfo.activeActions.create && !this.env.inDialog) {
                useCustomDropzone(this.rootRef, VcardDropzone, {
                    onDrop: ({dataTransfer}) => previewVcards(this.env, [...dataTransfer.files]),
                });
            }
        },
    });
}
