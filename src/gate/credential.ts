import { createHash } from 'node:crypto';
import { parseReservationCode } from '../domain/code.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { readPass as verified } from './passes.ts';

/** What a device sends; exactly one of the four. */
export interface CredentialInput {
  readonly plate?: PlateRead | null | undefined;
  readonly pass?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly unreadable?: boolean | null | undefined;
}

export interface PlateRead {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence?: number | null | undefined;
  /** What else the camera thought it could be, best first. */
  readonly candidates?: readonly { readonly text: string }[] | null | undefined;
  /** The camera's own id of the car that stands there: several readings, one arrival. */
  readonly arrivalKey?: string | null | undefined;
}

/** A credential as the gate works with it. `key` stands for it in stored answers and is no plate. */
export type Credential = { readonly key: string } & (
  | { readonly kind: 'PASS'; readonly reservationId: string }
  | { readonly kind: 'FORGED_PASS' | 'PASS_OF_ANOTHER_LOT' | 'WRONG_CODE' | 'NO_PLATE' | 'UNREADABLE' }
  | { readonly kind: 'CODE'; readonly code: string }
  | {
      readonly kind: 'PLATE';
      /** Normalised; the reading first, then the camera's other guesses. */
      readonly plates: readonly [string, ...string[]];
      readonly arrivalKey: string | undefined;
    }
);

const MAX_GUESSES = 4;
/** Under this a camera is guessing, and what it says is no plate. */
const SURE_ENOUGH = 0.3;

/**
 * Reads a credential: checks a pass's signature, normalises a plate or code. What cannot be read becomes a kind of its own, because
 * even that gets an answer. Refuses with INVALID_INPUT when not exactly one credential is there, or a confidence is outside 0 to 1.
 */
export function readCredential(platform: Platform, lotId: string, input: CredentialInput): Credential {
  const given = [input.plate, input.pass, input.code, input.unreadable].filter(
    (part) => part !== undefined && part !== null,
  );
  if (given.length !== 1 || input.unreadable === false) {
    throw new Refusal('INVALID_INPUT', 'Send exactly one of plate, pass, code and unreadable: true.', {
      field: ['credential'],
    });
  }
  if (input.pass != null) return readPass(platform, lotId, input.pass);
  if (input.code != null) return readCode(input.code);
  if (input.plate != null) return readPlate(platform, lotId, input.plate);
  return { kind: 'UNREADABLE', key: 'unreadable' };
}

function readPass(platform: Platform, lotId: string, text: string): Credential {
  const pass = verified(platform, text)?.content;
  if (pass === undefined) return { kind: 'FORGED_PASS', key: `forged:${digest(text)}` };
  const key = `pass:${pass.reservationId}`;
  return pass.lotId === lotId
    ? { kind: 'PASS', key, reservationId: pass.reservationId }
    : { kind: 'PASS_OF_ANOTHER_LOT', key };
}

function readCode(text: string): Credential {
  const code = parseReservationCode(text);
  return code === undefined
    ? { kind: 'WRONG_CODE', key: `wrong:${digest(text)}` }
    : { kind: 'CODE', key: `code:${code}`, code };
}

function readPlate(platform: Platform, lotId: string, read: PlateRead): Credential {
  const confidence = read.confidence ?? 1;
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new Refusal('INVALID_INPUT', 'The confidence must be between 0 and 1.', {
      field: ['credential', 'plate', 'confidence'],
    });
  }
  const text = normalizePlate(read.text);
  if (text === undefined) return { kind: 'NO_PLATE', key: 'no-plate' };
  if (confidence < SURE_ENOUGH) return { kind: 'UNREADABLE', key: 'unreadable' };
  const guesses = (read.candidates ?? []).flatMap((candidate) => normalizePlate(candidate.text) ?? []);
  const others = [...new Set(guesses)].filter((guess) => guess !== text).slice(0, MAX_GUESSES);
  const arrivalKey = read.arrivalKey ?? undefined;
  return {
    kind: 'PLATE',
    key: `plate:${platform.plates.exactIndex(lotId, text)}`,
    plates: [text, ...others],
    arrivalKey,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
