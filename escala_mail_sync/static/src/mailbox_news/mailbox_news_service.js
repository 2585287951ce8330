import {browser} from "@web/core/browser/browser";
import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const MAILBOX = "escala.mailbox";
const DELAY = 2000; // Milliseconds, the longest that news wait: a synchronisation tells of every batch

/**
 * Knows how many e-mails are unread, and tells the web client's bus when something has changed in a mailbox of the
 * user's. In a tab that nobody sees, it waits until somebody does.
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
        let timer = false;
        let isMissed = false;
        async function count() {
            state.unread = await orm.silent.call(MAILBOX, "get_unread_count", []);
        }
        function tell() {
            timer = false;
            isMissed = document.hidden;
            if (isMissed) {
                return;
            }
            // Whoever counts anyway, says so, and sets the number
            const news = {isCounted: false};
            env.bus.trigger(MAILBOX, news);
            if (!news.isCounted) {
                count();
            }
        }
        busService.subscribe(MAILBOX, () => {
            timer ||= browser.setTimeout(tell, DELAY);
        });
        document.addEventListener("visibilitychange", () => isMissed && tell());
        busService.start();
        count();
        return state;
    },
};

registry.category("services").add("escala_mail_sync.mailbox_news", mailboxNewsService);
