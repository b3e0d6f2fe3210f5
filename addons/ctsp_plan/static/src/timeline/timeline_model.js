import { Domain } from "@web/core/domain";
import { Model } from "@web/model/model";
import { dayOf, isoOf, pack, periodOf, shifted } from "./timeline_layout";

const LIMIT = 1000;
const ROW_LIMIT = 300;
/** Width of a usual track and of a Chinese character, in pixels: enough to know whether a text fits its bar. */
const TRACK = 1100;
const CHARACTER = 13;

/** Records of one period as bars in rows. */
export class TimelineModel extends Model {
    setup(params) {
        this.archInfo = params.archInfo;
        this.resModel = params.resModel;
        this.fields = params.fields;
        this.scale = params.state?.scale || params.archInfo.scale;
        this.grouping = params.state?.grouping || params.archInfo.rows[0].key;
        this.anchor = params.state?.anchor || dayOf(luxon.DateTime.now().toISODate());
        this.today = dayOf(luxon.DateTime.now().toISODate());
        this.rows = [];
        this.daysOff = {};
    }

    get period() {
        return periodOf(this.anchor, this.scale);
    }

    get rowInfo() {
        return this.archInfo.rows.find((row) => row.key === this.grouping);
    }

    exportState() {
        return { scale: this.scale, grouping: this.grouping, anchor: this.anchor };
    }

    async load(searchParams = {}) {
        this.searchParams = { ...this.searchParams, ...searchParams };
        await this.fetch();
        this.notify();
    }

    setScale(scale) {
        this.scale = scale;
        return this.load();
    }

    setGrouping(key) {
        this.grouping = key;
        return this.load();
    }

    shift(steps) {
        this.anchor = steps ? shifted(this.anchor, this.scale, steps) : this.today;
        return this.load();
    }

    /** What is planned, done or (without planned days) due in the period. */
    periodDomain([first, last]) {
        const { date_start, date_stop, due } = this.archInfo.names;
        const planned = [[date_start, "<=", isoOf(last)], [date_stop, ">=", isoOf(first)]];
        if (!due) {
            return new Domain(planned);
        }
        const unplanned = [[date_start, "=", false], [due, ">=", isoOf(first)], [due, "<=", isoOf(last)]];
        return Domain.or([planned, unplanned]);
    }

    async fetch() {
        const specification = { display_name: {} };
        for (const name of this.archInfo.fields) {
            const relational = ["many2one", "many2many"].includes(this.fields[name].type);
            specification[name] = relational ? { fields: { display_name: {} } } : {};
        }
        const domain = Domain.and([this.searchParams.domain || [], this.periodDomain(this.period)]).toList();
        const context = this.searchParams.context || {};
        const [first, last] = this.period;
        const [found, daysOff, everyRow] = await Promise.all([
            this.orm.webSearchRead(this.resModel, domain, { specification, limit: LIMIT, context }),
            this.orm.call(this.resModel, "timeline_days_off", [isoOf(first), isoOf(last)]),
            this.rowInfo.model
                ? this.orm.searchRead(this.rowInfo.model, [], ["display_name"], { limit: ROW_LIMIT })
                : [],
        ]);
        this.records = found.records;
        this.truncated = found.length > found.records.length;
        this.daysOff = daysOff;
        this.rows = this.makeRows(everyRow);
    }

    makeRows(everyRow) {
        const rows = new Map([[0, { key: 0, label: "", bars: [] }]]);
        for (const row of everyRow) {
            rows.set(row.id, { key: row.id, label: row.display_name, bars: [] });
        }
        for (const record of this.records) {
            const owners = this.rowInfo.fields
                .flatMap((name) => record[name] || [])
                .filter((owner, index, all) => all.findIndex((other) => other.id === owner.id) === index);
            for (const owner of owners.length ? owners : [{ id: 0, display_name: "" }]) {
                if (!rows.has(owner.id)) {
                    rows.set(owner.id, { key: owner.id, label: owner.display_name, bars: [] });
                }
                rows.get(owner.id).bars.push(this.makeBar(record));
            }
        }
        const filled = [...rows.values()].filter((row) => row.key || row.bars.length);
        for (const row of filled) {
            row.lanes = pack(row.bars);
        }
        return filled.sort((a, b) => (a.key === 0 ? -1 : b.key === 0 ? 1 : a.label.localeCompare(b.label, "zh")));
    }

    /** What a bar says beside what its row says already: the fields that `text` of the rows names. */
    barText(record) {
        const parts = this.rowInfo.text
            .flatMap((name) => record[name] || [])
            .map((value) => value.display_name ?? value);
        return parts.join("、") || record.display_name;
    }

    makeBar(record) {
        const names = this.archInfo.names;
        const [first, last] = this.period;
        const planned = dayOf(record[names.date_start]);
        const due = names.due ? dayOf(record[names.due]) : null;
        const start = planned ?? due;
        const stop = planned === null ? due : dayOf(record[names.date_stop]) ?? start;
        const label = this.barText(record);
        const wanted = Math.ceil((label.length * CHARACTER * (last - first + 1)) / TRACK);
        return {
            id: record.id,
            record,
            label,
            outside: wanted > stop - start + 1 ? wanted : 0,
            planned: planned !== null,
            start,
            stop,
            due,
            actualStart: names.actual_start ? dayOf(record[names.actual_start]) : null,
            actualStop: names.actual_stop ? dayOf(record[names.actual_stop]) : null,
            color: names.color ? record[names.color] : "",
        };
    }

    /** Moves a record; `reason` goes with it where the record asks for one. */
    async move(bar, start, stop, reason) {
        const names = this.archInfo.names;
        const values = { [names.date_start]: isoOf(start), [names.date_stop]: isoOf(stop) };
        if (reason) {
            values[names.reason] = reason;
        }
        try {
            await this.orm.write(this.resModel, [bar.id], values);
        } finally {
            await this.load();
        }
    }
}
