import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const STORAGE_KEY = "escala_client_portal.account";

/** Tells the other tabs which account the client is in now, and its own page when another tab has left it behind. */
export class ClientAccount extends Interaction {
    static selector = ".o_client_account";
    dynamicContent = {
        _window: { "t-on-storage": this.onStorage },
        ".o_client_account_bar form": { "t-on-submit.prevent": this.closeBar },
    };

    start() {
        const { accountId, accountName } = this.el.dataset;
        localStorage.setItem(STORAGE_KEY, JSON.stringify({ id: accountId, name: accountName }));
    }

    onStorage(ev) {
        if (ev.key !== STORAGE_KEY || !ev.newValue) {
            return;
        }
        const current = JSON.parse(ev.newValue);
        const stale = document.querySelector(".o_stale_page");
        stale.querySelector(".o_stale_now").textContent = current.name;
        stale.classList.toggle("d-none", current.id === this.el.dataset.accountId);
    }

    /** Close it without leaving the page, in which something may have been typed. */
    async closeBar(ev) {
        const form = ev.currentTarget;
        await this.waitFor(fetch(form.action, { method: "POST", body: new FormData(form) }));
        form.closest(".o_client_account_bar").remove();
    }
}

registry.category("public.interactions").add("escala_client_portal.client_account", ClientAccount);
