/**
 * Return a function that does nothing while an earlier call of it is under way.
 *
 * For what is created on a click: of two quick ones, the second would create it once more.
 *
 * @param {(...args: any[]) => Promise<any>} act
 * @returns {(...args: any[]) => Promise<any>}
 */
export function oneAtATime(act) {
    let isUnderWay = false;
    return async (...args) => {
        if (isUnderWay) {
            return undefined;
        }
        isUnderWay = true;
        try {
            return await act(...args);
        } finally {
            isUnderWay = false;
        }
    };
}
