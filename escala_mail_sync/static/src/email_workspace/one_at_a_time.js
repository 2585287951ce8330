/**
 * Return a function that does nothing while an earlier call of it is under way.
 *
 * For what is created on a click: of two quick ones, the second would create it once more.
 *
 * @param {(...args: any[]) => Promise<any>} act
 * @param {(...args: any[]) => string} [getKey] calls with different ones do not wait for each other
 * @returns {(...args: any[]) => Promise<any>}
 */
export function oneAtATime(act, getKey = () => "") {
    const underWay = new Set();
    return async (...args) => {
        const key = getKey(...args);
        if (underWay.has(key)) {
            return undefined;
        }
        underWay.add(key);
        try {
            return await act(...args);
        } finally {
            underWay.delete(key);
        }
    };
}
