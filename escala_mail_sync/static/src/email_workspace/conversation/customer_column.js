import {browser} from "@web/core/browser/browser";
import {useState} from "@odoo/owl";

const KEY = "escala_mail_sync.customer_folded";

/**
 * Whether the column with the customer is folded, which each browser remembers.
 *
 * @returns {{isFolded: boolean, toggle: Function}} reactive
 */
export function useCustomerColumn() {
    return useState({
        isFolded: browser.localStorage.getItem(KEY) === "true",
        toggle() {
            this.isFolded = !this.isFolded;
            browser.localStorage.setItem(KEY, String(this.isFolded));
        },
    });
}
