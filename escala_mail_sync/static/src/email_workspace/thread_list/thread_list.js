import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {isOutgoingFolder} from "../outgoing_folders";
import {OutgoingRow} from "./outgoing_row";
import {SelectionBar} from "./selection_bar";
import {ThreadRow} from "./thread_row";
import {_t} from "@web/core/l10n/translation";
import {getKey, isOpenRow} from "./rows";
import {useLongPress} from "./long_press";

const NEAR_THE_END = 300; // Pixels
const EMPTY = {
    inbox: _t("The inbox is empty."),
    to_answer: _t("Nothing to answer. Well done."),
    sent: _t("Nothing has been sent yet."),
    all: _t("There are no e-mails here."),
    drafts: _t("There are no drafts."),
    scheduled: _t("Nothing waits to be sent."),
};

/** The middle: conversations, newest first, more of them as one scrolls down; or what is being written. */
export class ThreadList extends Component {
    static template = "escala_mail_sync.ThreadList";
    static components = {OutgoingRow, SelectionBar, ThreadRow};
    static props = {model: Object};

    setup() {
        const {model} = this.props;
        this.state = useState(model.state);
        this.getKey = getKey;
        this.skeleton = [...Array(8).keys()];
        this.scrolled = useRef("scrolled");
        this.longPress = useLongPress(
            // Drafts cannot be ticked: the bar is for e-mails
            (element) => this.isOutgoing || model.selection.toggle(Number(element.dataset.id)),
            ".o_escala_thread"
        );
        onMounted(() => {
            this.scrolled.el.scrollTop = model.scrollTop;
        });
        // A short page leaves nothing to scroll
        useEffect(
            () => this.loadMoreNearTheEnd(),
            () => [this.state.threads.length, this.state.isLoading, this.state.isRenewing]
        );
    }

    get emptyText() {
        return this.isSearch ? _t("Nothing matches the search.") : EMPTY[this.state.folder];
    }

    get isSearch() {
        return (this.env.searchModel?.facets.length || 0) > 0 && !this.isOutgoing;
    }

    get isOutgoing() {
        return isOutgoingFolder(this.state.folder);
    }

    get isTicking() {
        return this.state.selected.size > 0;
    }

    isOpen(row) {
        return isOpenRow(row, this.state);
    }

    setCursor(row) {
        this.state.cursorId = row.id;
    }

    onScroll() {
        const {offsetParent, scrollTop} = this.scrolled.el;
        if (offsetParent) {
            this.props.model.scrollTop = scrollTop;
        }
        this.loadMoreNearTheEnd();
    }

    loadMoreNearTheEnd() {
        const {clientHeight, offsetParent, scrollHeight, scrollTop} = this.scrolled.el;
        if (offsetParent && !this.state.error && scrollHeight - scrollTop - clientHeight < NEAR_THE_END) {
            this.props.model.loadMore();
        }
    }

    retry() {
        const {model} = this.props;
        return this.state.threads.length ? model.refresh() : model.loadThreads();
    }
}
