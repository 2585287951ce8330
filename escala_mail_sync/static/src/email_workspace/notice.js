/**
 * Say something, with buttons that also close it.
 *
 * @param {object} notification service
 * @param {string} message
 * @param {[string, Function][]} buttons the first is the one to notice
 * @param {string} type of notification
 */
export function showNotice(notification, message, buttons, type = "info") {
    const close = notification.add(message, {
        type,
        buttons: buttons.map(([name, act], index) => ({
            name,
            primary: !index,
            onClick: () => {
                close();
                return act();
            },
        })),
    });
}
