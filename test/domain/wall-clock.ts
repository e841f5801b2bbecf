// The clock on the lot's wall, asked of Intl: the engine asks Temporal, so that one cannot hide the other's mistake. Everything is
// counted in whole minutes: instants since 1970 in UTC, readings as if the wall's date and time were UTC.

// Jest looks up globals slowly, and minutes are many.
const { max } = Math;

export const DAY_MINUTES = 1440;
const FIRST_MINUTE = Date.parse('2025-11-01T00:00:00Z') / 60_000;
const LAST_MINUTE = Date.parse('2027-03-01T00:00:00Z') / 60_000;
/** No clock of our years changes within a quarter of an hour of UTC. */
const QUARTER = 15;

/** What the wall shows at each minute, and the furthest it has shown so far: clocks that are put back show some times twice. */
export interface WallClock {
  shows(minute: number): number;
  furthest(minute: number): number;
  /** The instants from which on the wall shows another offset from UTC. */
  readonly changes: readonly number[];
}

const clocks = new Map<string, WallClock>();

/** The wall clock of a zone from the end of 2025 to the beginning of 2027. Throws RangeError beyond. */
export function wallClock(timeZone: string): WallClock {
  const known = clocks.get(timeZone) ?? readClock(timeZone);
  clocks.set(timeZone, known);
  return known;
}

function readClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const shown = new Int32Array(LAST_MINUTE - FIRST_MINUTE);
  const furthest = new Int32Array(shown.length);
  const changes: number[] = [];
  let highest = 0;
  let offset = Number.NaN;
  for (let at = 0; at < shown.length; at += 1) {
    const minute = FIRST_MINUTE + at;
    if (minute % QUARTER === 0) {
      const offsetNow = readingOf(format.format(minute * 60_000)) - minute;
      if (at > 0 && offsetNow !== offset) changes.push(minute);
      offset = offsetNow;
    }
    shown[at] = minute + offset;
    highest = max(highest, minute + offset);
    furthest[at] = highest;
  }
  const read = (column: Int32Array, minute: number): number => {
    const reading = column[minute - FIRST_MINUTE];
    if (reading === undefined) throw new RangeError(`minute ${minute} is not on the clock of ${timeZone}`);
    return reading;
  };
  return { shows: (minute) => read(shown, minute), furthest: (minute) => read(furthest, minute), changes };
}

/** "25/10/2026, 02:30:00" as minutes. */
function readingOf(text: string): number {
  const [day, month, year, hour, minute] = text.split(/[/,: ]+/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}

/** "2026-10-25" of a date counted in days since 1970. */
export function dateText(date: number): string {
  return new Date(date * DAY_MINUTES * 60_000).toISOString().slice(0, 10);
}

const minutesByText = new Map<string, number>();

/** "22:30" as minutes; "24:00" is the end of the day. */
export function minuteOfDay(text: string): number {
  const known = minutesByText.get(text);
  if (known !== undefined) return known;
  const [hour, minute] = text.split(':').map(Number) as [number, number];
  minutesByText.set(text, hour * 60 + minute);
  return hour * 60 + minute;
}
