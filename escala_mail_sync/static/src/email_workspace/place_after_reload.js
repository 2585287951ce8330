import {browser} from "@web/core/browser/browser";

const KEY = "escala_mail_sync.workspace_place";
const LOADED_ANEW = ["reload", "back_forward"];

let isFirst = true; // Workspace of this page

/**
 * Return what the same address showed in this tab before its page was loaded anew, once.
 *
 * Odoo keeps it in the history of the browser, and does not look there when a page is loaded
 * (web/static/src/core/browser/router.js, startRouter).
 *
 * @returns {object | null} see exportPlace in email_workspace_model.js
 */
export function recallPlace() {
    const [navigation] = browser.performance.getEntriesByType("navigation");
    const isAfterReload = isFirst && LOADED_ANEW.includes(navigation?.type);
    isFirst = false;
    const {address, place} = JSON.parse(browser.sessionStorage.getItem(KEY) || "{}");
    return isAfterReload && address === browser.location.href ? place : null;
}

/** Keep what is shown, for the case that the page is loaded anew. */
export function keepPlace(place) {
    browser.sessionStorage.setItem(KEY, JSON.stringify({address: browser.location.href, place}));
}
