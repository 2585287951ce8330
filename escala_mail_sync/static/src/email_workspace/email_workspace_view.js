import {EmailWorkspaceController} from "./email_workspace_controller";
import {EmailWorkspaceModel} from "./email_workspace_model";
import {registry} from "@web/core/registry";

/** E-mails as mail programs show them: folders, conversations, and the one that is open. */
export const emailWorkspaceView = {
    type: "email_workspace",
    Controller: EmailWorkspaceController,
    Model: EmailWorkspaceModel,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({...genericProps, Model: view.Model}),
};

registry.category("views").add("email_workspace", emailWorkspaceView);
