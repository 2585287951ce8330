import {Component, onWillUnmount, useEffect, useExternalListener, useRef, useState} from "@odoo/owl";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {ConnectBanner} from "@escala_mail_sync/connect_banner/connect_banner";
import {Conversation} from "./conversation/conversation";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {ThreadList} from "./thread_list/thread_list";
import {WorkspaceSidebar} from "./sidebar/workspace_sidebar";
import {keepPlace, recallPlace} from "./place_after_reload";
import {makeCommands} from "./keyboard/keyboard_commands";
import {standardViewProps} from "@web/views/standard_view_props";
import {useBackToList} from "./back_to_list";
import {useModel} from "@web/model/model";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {useBus, useService} from "@web/core/utils/hooks";
import {useShortcuts} from "./keyboard/use_shortcuts";
import {useSetupAction} from "@web/search/action_hook";

/** The three sides of the workspace; on a narrow screen one at a time. */
export class EmailWorkspaceController extends Component {
    static template = "escala_mail_sync.EmailWorkspace";
    static components = {
        CogMenu,
        ConnectBanner,
        Conversation,
        Layout,
        SearchBar,
        ThreadList,
        WorkspaceSidebar,
    };
    static props = {...standardViewProps, Model: Function};

    setup() {
        const {context, globalState, state} = this.props;
        const recalled = recallPlace();
        this.model = useModel(this.props.Model, {
            state: state?.workspace || globalState?.workspace || recalled,
            folder: context.escala_folder,
            mailboxId: context.escala_mailbox_id,
            openId: context.escala_open_id,
        });
        this.state = useState(this.model.state);
        useExternalListener(window, "pagehide", () => keepPlace(this.model.exportPlace()));
        this.ui = useService("ui");
        this.searchBarToggler = useSearchBarToggler();
        this.root = useRef("root");
        useBackToList(this.model);
        const getElement = () => this.root.el;
        useShortcuts(makeCommands(this.model, {dialog: useService("dialog"), getElement}));
        const news = useService("escala_mail_sync.mailbox_news");
        useEffect(
            (unread) => {
                news.unread = unread;
            },
            () => [this.state.unread]
        );
        useBus(this.env.bus, "escala.mailbox", ({detail}) => {
            Object.assign(detail, {isCounted: true});
            this.model.refresh();
        });
        useBus(this.env.bus, "escala.email.outgoing", () => this.model.refresh());
        onWillUnmount(() => this.model.stopRefreshing());
        useSetupAction({
            getLocalState: () => ({workspace: this.model.exportState()}),
            getGlobalState: () => ({workspace: this.model.exportPlace()}),
        });
    }

    /** Whether the workspace is opened from a record and shows what is on it. */
    get isOnRecord() {
        return Boolean(this.props.context.escala_on_record);
    }
}
