import {getKey} from "./rows";

/**
 * @param {{threads: object[], selected: Set<number>}} state
 * @returns {number[]} the ids of the rows that are ticked and shown, from the top
 */
export function getTickedIds({threads, selected}) {
    return threads.map((row) => row.id).filter((id) => selected.has(id));
}

/**
 * @param {{threads: object[], selected: Set<number>}} state
 * @returns {boolean} whether all rows that are shown are ticked
 */
export function isAllTicked(state) {
    return state.threads.length > 0 && getTickedIds(state).length === state.threads.length;
}

/** Ticks the conversations of the list, by the ids of their rows. */
export class Selection {
    /** @param {object} state with `threads` and `selected`, see email_workspace_model.js */
    constructor(state) {
        this.state = state;
        this.lastId = false;
    }

    /**
     * Tick a row or not; with the Shift key, all from the one before to this one like this one.
     *
     * @param {number} id
     * @param {boolean} [isRange]
     */
    toggle(id, isRange = false) {
        const {selected} = this.state;
        const isTicked = !selected.has(id);
        for (const each of isRange ? this.getRange(id) : [id]) {
            if (isTicked) {
                selected.add(each);
            } else {
                selected.delete(each);
            }
        }
        this.lastId = id;
    }

    /** Tick all that is shown, or nothing. */
    toggleAll() {
        const {threads, selected} = this.state;
        if (isAllTicked(this.state)) {
            selected.clear();
        } else {
            threads.forEach((row) => selected.add(row.id));
        }
    }

    /**
     * Keep ticks and cursor at the conversations that they are at: what has just come in gives its row another id.
     *
     * @param {object[]} rows that are shown next
     */
    follow(rows) {
        const {threads, selected, cursorId} = this.state;
        const isTicked = new Set(threads.filter((row) => selected.has(row.id)).map(getKey));
        const cursor = threads.find((row) => row.id === cursorId);
        selected.clear();
        for (const row of rows) {
            if (isTicked.has(getKey(row))) {
                selected.add(row.id);
            }
            if (cursor && getKey(row) === getKey(cursor)) {
                this.state.cursorId = row.id;
            }
        }
    }

    clear() {
        this.state.selected.clear();
        this.lastId = false;
    }

    getRange(id) {
        const ids = this.state.threads.map((row) => row.id);
        const [from, to] = [ids.indexOf(this.lastId), ids.indexOf(id)].sort((a, b) => a - b);
        return from < 0 ? [id] : ids.slice(from, to + 1);
    }
}
