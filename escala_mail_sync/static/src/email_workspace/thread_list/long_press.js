import {onWillUnmount, useExternalListener} from "@odoo/owl";

const LONG = 500; // Milliseconds

/**
 * Call something when a finger stays on an element of a list: on touch screens there is no pointer to hover with.
 *
 * @param {(element: HTMLElement) => void} callback
 * @param {string} selector of the elements
 * @returns {{start: Function, cancel: Function}} for touchstart, and for touchend and touchmove
 */
export function useLongPress(callback, selector) {
    let timer = 0;
    let isPressed = false;
    useExternalListener(
        window,
        "click",
        (ev) => {
            // The finger is lifted, which is not meant as a click
            if (isPressed) {
                isPressed = false;
                ev.preventDefault();
                ev.stopPropagation();
            }
        },
        {capture: true}
    );
    onWillUnmount(() => clearTimeout(timer));
    useExternalListener(window, "touchcancel", () => clearTimeout(timer));
    return {
        start({target}) {
            const element = target.closest(selector);
            isPressed = false;
            clearTimeout(timer);
            if (element) {
                timer = setTimeout(() => {
                    isPressed = true;
                    callback(element);
                }, LONG);
            }
        },
        cancel() {
            clearTimeout(timer);
        },
    };
}
