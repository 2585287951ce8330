import {expect, test} from "@odoo/hoot";
import {DailyCounts} from "@escala_mail_sync/daily_counts/daily_counts";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {queryAll} from "@odoo/hoot-dom";

defineMailModels(); // What the services of the web client ask for when they start

function mountCounts(days) {
    const props = {name: "counts", readonly: true, record: {data: {counts: days}}};
    return mountWithCleanup(DailyCounts, {props, noMainContainer: true});
}

test("each day is a bar, the highest as high as there is place for", async () => {
    await mountCounts([
        {date: "2026-10-01", count: 4},
        {date: "2026-10-02", count: 0},
        {date: "2026-10-03", count: 1},
    ]);
    const heights = queryAll(".o_daily_counts_day > div").map((bar) => bar.style.height);
    expect(heights).toEqual(["100%", "0%", "25%"]);
    const words = document.querySelector(".o_daily_counts").getAttribute("aria-label");
    expect(words.split(", ").map((day) => day.split(": ")[1])).toEqual(["4", "0", "1"]);
});

test("days without any, and no days, are shown as nothing", async () => {
    await mountCounts([{date: "2026-10-01", count: 0}]);
    expect(queryAll(".o_daily_counts_day > div")[0].style.height).toBe("0%");
    await mountCounts(false);
    expect(".o_daily_counts").toHaveCount(2);
    expect(".o_daily_counts_day").toHaveCount(1);
});
