import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { CalendarController } from "@web/views/calendar/calendar_controller";

/** Months above calendars as Chinese says them: 2026年11月. Odoo puts the month before the year everywhere. */
const chinese = () => Boolean(user.lang?.startsWith("zh"));
const MONTH = "yyyy年M月";

patch(CalendarController.prototype, {
    get currentMonth() {
        return chinese() ? this.date.toFormat(MONTH) : super.currentMonth;
    },
    get currentYear() {
        return chinese() ? this.date.toFormat("yyyy年") : super.currentYear;
    },
    get dayHeader() {
        return chinese() ? this.date.toFormat("yyyy年M月d日") : super.dayHeader;
    },
    get weekHeader() {
        const { rangeStart, rangeEnd } = this.model;
        if (!chinese()) {
            return super.weekHeader;
        }
        const [first, last] = [rangeStart, rangeEnd].map((date) => date.toFormat(MONTH));
        return first === last ? first : `${first} – ${last}`;
    },
});
