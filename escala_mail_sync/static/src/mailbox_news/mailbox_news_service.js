import {debounce} from "@web/core/utils/timing";
import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const MAILBOX = "escala.mailbox";
const DELAY = 500; // Milliseconds: a synchronisation tells of every batch

/**
 * Knows how many e-mails are unread, and tells the web client's bus when something has changed in a mailbox of the
 * user's.
 *
 * What the server sends is the number of the mailbox and nothing of its content, see models/escala_mailbox_news.py.
 */
export const mailboxNewsService = {
    dependencies: ["bus_service", "orm"],

    start(env, {bus_service: busService, orm}) {
        const state = reactive({unread: 0});
        if (!session.may_connect_mailbox) {
            return state;
        }
        async function count() {
            state.unread = await orm.silent.call(MAILBOX, "get_unread_count", []);
        }
        const tell = debounce(() => {
            env.bus.trigger(MAILBOX);
            return count();
        }, DELAY);
        busService.subscribe(MAILBOX, tell);
        busService.start();
        count();
        return state;
    },
};

registry.category("services").add("escala_mail_sync.mailbox_news", mailboxNewsService);
