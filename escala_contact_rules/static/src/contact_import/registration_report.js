import {_t} from "@web/core/l10n/translation";
import {groupBy, sortBy} from "@web/core/utils/arrays";

const SHOWN_REASONS = 50;
const SHOWN_ROWS = 10;

// In the order of the summary; the reasons come in the opposite one, the worst first.
const RESULTS = ["created", "updated", "restored", "skipped", "refused"];

function getLabel(result, isTest) {
    return {
        created: _t("New"),
        updated: isTest ? _t("To update") : _t("Updated"),
        restored: isTest ? _t("To restore") : _t("Restored"),
        skipped: _t("Skipped"),
        refused: _t("Refused"),
    }[result];
}

/**
 * What became of the rows of a file of contacts, or would become in a test, put together from the answers
 * to its batches.
 */
export class RegistrationReport {
    /**
     * @param {object} params
     * @param {boolean} params.isTest
     * @param {boolean} params.hasHeaders whether the first row of the file holds the names of the columns
     */
    constructor({isTest, hasHeaders}) {
        this.isTest = isTest;
        this.firstRow = hasHeaders ? 2 : 1;
        this.isPaused = false;
        this.counts = Object.fromEntries(RESULTS.map((result) => [result, 0]));
        this.rows = [];
    }

    /**
     * @param {{counts: object, rows: object[]}} registration what the server answers to a batch
     */
    add({counts, rows}) {
        for (const [result, count] of Object.entries(counts)) {
            this.counts[result] += count;
        }
        this.rows.push(...rows);
    }

    /** How many rows each result has, as `{result, label, count}`. */
    get figures() {
        return RESULTS.map((result) => ({
            result,
            label: getLabel(result, this.isTest),
            count: this.counts[result],
        }));
    }

    /** The figures in one line of text. */
    get summary() {
        return this.figures
            .filter(({count}) => count)
            .map(({label, count}) => `${label}: ${count}`)
            .join(", ");
    }

    get isEmpty() {
        return !this.summary;
    }

    /** Whether rows, or parts of rows, are not in the contacts now. */
    get hasLeftOut() {
        return this.rows.length > 0;
    }

    get isNothingImported() {
        const {created, updated, restored} = this.counts;
        return created + updated + restored === 0;
    }

    /** The reasons with the rows they apply to, as `{result, label, text}`. */
    get reasons() {
        return this._groups.slice(0, SHOWN_REASONS).map((rows) => ({
            result: rows[0].result,
            label: getLabel(rows[0].result, this.isTest),
            text: this._describe(rows),
        }));
    }

    /** How many rows have a reason that is not among `reasons`. */
    get hiddenRows() {
        return this._groups.slice(SHOWN_REASONS).flat().length;
    }

    get _groups() {
        const groups = groupBy(this.rows, ({result, reason}) => JSON.stringify([result, reason]));
        return sortBy(Object.values(groups), ([{result}]) => -RESULTS.indexOf(result));
    }

    _describe(rows) {
        const shown = rows.slice(0, SHOWN_ROWS).map(({row, name}) => {
            const number = row + this.firstRow;
            return name ? `${number} (${name})` : `${number}`;
        });
        const values = {
            rows: shown.join(", "),
            count: rows.length - shown.length,
            reason: rows[0].reason,
        };
        if (values.count) {
            return _t("Rows %(rows)s and %(count)s more: %(reason)s", values);
        }
        return rows.length > 1
            ? _t("Rows %(rows)s: %(reason)s", values)
            : _t("Row %(rows)s: %(reason)s", values);
    }
}

/**
 * The action that lists the registrations about which there is something to say.
 *
 * @param {RegistrationReport} report of an import: what a test registered is not stored
 * @returns {object}
 */
export function getLeftOutAction(report) {
    return {
        type: "ir.actions.act_window",
        name: _t("Left out of the import"),
        res_model: "contact.registration",
        views: [
            [false, "list"],
            [false, "form"],
        ],
        domain: [["id", "in", report.rows.map(({id}) => id)]],
    };
}
