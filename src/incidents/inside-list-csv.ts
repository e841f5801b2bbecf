import { localDateTime } from '../domain/tariff/local-time.ts';
import type { InsideList, ListedVehicle } from './inside-list.ts';

const HEAD = 'list,spot,plate,code,vehicle_class,kind,from_local,until_local,from,until';

/** The list for a spreadsheet: who is inside first, then who is due; the lot's own time beside the instant. */
export function insideListCsv({ lot: { timeZone }, inside, due }: InsideList): string {
  const rows = [...inside.map(rowOf('INSIDE', timeZone)), ...due.map(rowOf('DUE', timeZone))];
  return [HEAD, ...rows, ''].join('\r\n');
}

const rowOf =
  (list: string, timeZone: string) =>
  ({ spotLabel, plate, code, vehicleClass, kind, from, until }: ListedVehicle): string => {
    const local = (instant: Date | null) => (instant === null ? '' : localDateTime(instant.getTime(), timeZone));
    const cells = [list, spotLabel ?? '', plate ?? '', code ?? '', vehicleClass, kind, local(from), local(until)];
    return [...cells, from.toISOString(), until?.toISOString() ?? ''].map(cell).join(',');
  };

/** No spreadsheet takes a label for a formula, and no comma in it for the end of a cell. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
