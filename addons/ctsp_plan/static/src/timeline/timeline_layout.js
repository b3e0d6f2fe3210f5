/**
 * Where bars stand: pure functions over whole days, without DOM and without time zones.
 * A day is the number of days since 1970-01-01.
 */

const DAY = 86400000;

/** "2026-03-01" → day number, anything empty → null. */
export function dayOf(text) {
    if (!text) {
        return null;
    }
    const [year, month, day] = text.slice(0, 10).split("-").map(Number);
    return Math.round(Date.UTC(year, month - 1, day) / DAY);
}

/** day number → "2026-03-01". */
export function isoOf(day) {
    return new Date(day * DAY).toISOString().slice(0, 10);
}

/** First and last day of the month, quarter or year in which `day` lies. */
export function periodOf(day, scale) {
    const date = new Date(day * DAY);
    const year = date.getUTCFullYear();
    const size = { month: 1, quarter: 3, year: 12 }[scale];
    const month = Math.floor(date.getUTCMonth() / size) * size;
    return [
        Math.round(Date.UTC(year, month, 1) / DAY),
        Math.round(Date.UTC(year, month + size, 1) / DAY) - 1,
    ];
}

/** The first day of the period that lies `steps` after the one of `day`. */
export function shifted(day, scale, steps) {
    const date = new Date(periodOf(day, scale)[0] * DAY);
    const size = { month: 1, quarter: 3, year: 12 }[scale];
    return Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + size * steps, 1) / DAY);
}

/**
 * Puts bars into lanes so that none covers another: each takes the first lane that is free from its start on.
 * `bars` have `start`, `stop` and maybe `outside`, the days their text takes after them; they get a `lane`. Returns
 * the number of lanes.
 */
export function pack(bars) {
    const ends = [];
    for (const bar of [...bars].sort((a, b) => a.start - b.start || a.stop - b.stop)) {
        const room = bar.stop + (bar.outside || 0);
        let lane = ends.findIndex((end) => end < bar.start);
        if (lane < 0) {
            lane = ends.length;
        }
        ends[lane] = room;
        bar.lane = lane;
    }
    return Math.max(ends.length, 1);
}

/** Left edge and width of the days `start` … `stop` in percent of the period, cut at its ends; null: outside. */
export function placed(start, stop, [first, last]) {
    if (stop < first || start > last) {
        return null;
    }
    const days = last - first + 1;
    const left = Math.max(start, first);
    const right = Math.min(stop, last);
    return { left: ((left - first) / days) * 100, width: ((right - left + 1) / days) * 100 };
}

/** Marks of the head: [{ day, span, label, major }], months for a year, weeks for a quarter, days for a month. */
export function ticks([first, last], scale) {
    const marks = [];
    for (let day = first; day <= last; day++) {
        const date = new Date(day * DAY);
        const begins =
            scale === "month" ||
            (scale === "quarter" && (date.getUTCDay() === 1 || day === first)) ||
            (scale === "year" && date.getUTCDate() === 1);
        if (begins) {
            marks.push({ day, span: 1, month: date.getUTCMonth() + 1, date: date.getUTCDate(), weekday: date.getUTCDay() });
        } else if (marks.length) {
            marks.at(-1).span++;
        }
    }
    return marks;
}
