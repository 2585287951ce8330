import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** How many there were on each of some days, as a row of bars: the field is a list of `date` and `count`. */
export class DailyCounts extends Component {
    static template = "escala_mail_sync.DailyCounts";
    static props = {...standardFieldProps};

    /** @returns {{key: string, label: string, height: number}[]} heights in per cent of the highest bar */
    get bars() {
        const days = this.props.record.data[this.props.name] || [];
        const highest = Math.max(1, ...days.map((day) => day.count));
        return days.map(({date, count}) => ({
            key: date,
            label: _t("%(date)s: %(count)s", {date: formatDate(deserializeDate(date)), count}),
            height: (100 * count) / highest,
        }));
    }

    /** @returns {string} all of it in words, for screen readers */
    get description() {
        return this.bars.map((bar) => bar.label).join(", ");
    }
}

export const dailyCounts = {
    component: DailyCounts,
    displayName: _t("Numbers of some days"),
    supportedTypes: ["json"],
};

registry.category("fields").add("daily_counts", dailyCounts);
