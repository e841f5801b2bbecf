import { foreignCursor } from '../schema/connection.ts';

const UUID_TEXT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** From year 1 to the year 9999. */
const OLDEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_799_999;

/** The key of a row in a list that is ordered by time and id. Throws BAD_USER_INPUT for a cursor that no such list has given. */
export function timeKey(key: readonly string[] | undefined): readonly [ms: number, id: string] | undefined {
  if (!key) return undefined;
  const [text, id] = key;
  const ms = Number(text);
  const sound =
    id !== undefined && UUID_TEXT.test(id) && Number.isSafeInteger(ms) && ms >= OLDEST_MS && ms <= LATEST_MS;
  if (!sound) throw foreignCursor();
  return [ms, id];
}
