import { openingHoursProblem, type OpeningHours } from '../../domain/opening-hours.ts';
import { checkLotPolicy, type LotPolicy } from '../../domain/policies.ts';
import { Refusal } from '../../domain/refusal.ts';

/** Where and what a lot is; `policy` comes as a document and is checked here. */
export interface LotDetails {
  readonly name: string;
  readonly address: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly openingHours: OpeningHours;
  readonly policy: unknown;
}

const MAX_TEXT_LENGTH = 200;
const MAX_WINDOWS = 28;
/** How lots are called. */
export const LOT_CODE = /^[A-Z0-9][A-Z0-9-]{1,15}$/;

/** The lot's short name in capitals. Refuses with INVALID_INPUT unless it is 2 to 16 letters, digits and hyphens. */
export function readLotCode(text: string): string {
  const code = text.trim().toUpperCase();
  if (LOT_CODE.test(code)) return code;
  throw new Refusal('INVALID_INPUT', 'A lot code is 2 to 16 letters, digits and hyphens ("HEL1").', {
    field: ['code'],
  });
}

/** Checks what a lot is going to be. Refuses with INVALID_INPUT (texts, coordinates, hours) or POLICY_INVALID (details: `errors`, all at once). */
export function readLotDetails(details: LotDetails): LotDetails & { policy: LotPolicy } {
  return {
    name: readText('name', details.name),
    address: readText('address', details.address),
    latitude: readDegrees('latitude', details.latitude, 90),
    longitude: readDegrees('longitude', details.longitude, 180),
    openingHours: readOpeningHours(details.openingHours),
    policy: readPolicy(details.policy),
  };
}

/** A trimmed text of 1 to 200 characters. Refuses with INVALID_INPUT. */
export function readText(field: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEXT_LENGTH)
    refuse(field, `This must be 1 to ${MAX_TEXT_LENGTH} characters.`);
  return trimmed;
}

function readDegrees(axis: 'latitude' | 'longitude', degrees: number, limit: number): number {
  if (Number.isFinite(degrees) && Math.abs(degrees) <= limit) return degrees;
  throw new Refusal('INVALID_INPUT', `A ${axis} lies between -${limit} and ${limit} degrees.`, {
    field: ['location', axis],
  });
}

function readOpeningHours(hours: OpeningHours): OpeningHours {
  const problem =
    hours.kind === 'WEEKLY' && hours.days.length > MAX_WINDOWS
      ? `there are at most ${MAX_WINDOWS} windows`
      : openingHoursProblem(hours);
  if (problem !== undefined) refuse('openingHours', `The opening hours are not usable: ${problem}.`);
  return hours;
}

function readPolicy(document: unknown): LotPolicy {
  const checked = checkLotPolicy(document);
  if ('policy' in checked) return checked.policy;
  throw new Refusal('POLICY_INVALID', 'The policy is not usable.', {
    field: ['policy'],
    details: { errors: checked.errors },
  });
}

function refuse(field: string, message: string): never {
  throw new Refusal('INVALID_INPUT', message, { field: [field] });
}
