import { createHash } from 'node:crypto';
import { parseReservationCode } from '../domain/code.ts';
import { platesOf, type PlateSight } from '../domain/match-plate.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { isOfTheMoment } from './pass-token.ts';
import { momentSecretOf, readPass as verified } from './passes.ts';

/** What a device sends; exactly one of the five. */
export interface CredentialInput {
  readonly plate?: PlateRead | null | undefined;
  readonly pass?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly unreadable?: boolean | null | undefined;
  /** The driver asks for a ticket: whoever cannot be read has a way in and out. */
  readonly ticket?: boolean | null | undefined;
}

export interface PlateRead {
  readonly text: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined;
  /** 0 to 1. */
  readonly confidence?: number | null | undefined;
  /** What else the camera thought it could be, best first. */
  readonly candidates?:
    readonly { readonly text: string; readonly confidence?: number | null | undefined }[] | null | undefined;
  /** The camera's own id of the car that stands there: several readings, one arrival. */
  readonly arrivalKey?: string | null | undefined;
}

/** A credential as the gate works with it. `key` stands for it in stored answers and is no plate. */
export type Credential = { readonly key: string } & (
  | {
      readonly kind: 'PASS';
      readonly reservationId: string;
      /** It came with the code of the moment: no picture of it. */
      readonly isLive: boolean;
    }
  | { readonly kind: 'FORGED_PASS' | 'PASS_OF_ANOTHER_LOT' | 'WRONG_CODE' | 'NO_PLATE' | 'UNREADABLE' | 'TICKET' }
  | { readonly kind: 'CODE'; readonly code: string }
  | {
      readonly kind: 'PLATE';
      readonly sight: PlateSight;
      /** Under which it is looked for: the reading first, then the camera's other guesses and what its country would write. */
      readonly plates: readonly [string, ...string[]];
      readonly arrivalKey: string | undefined;
    }
);

/** What stands before a plate's exact index in its key. */
export const PLATE_KEY = 'plate:';
const MAX_GUESSES = 4;
/** Under this a camera is guessing, and what it says is no plate. */
const SURE_ENOUGH = 0.3;

/** Where and when a credential was shown; a code of the moment is true by the server's clock or by the device's. */
export interface ShownAt {
  readonly lotId: string;
  readonly now: Date;
  readonly observedAt: Date;
}

/**
 * Reads a credential: checks a pass's signature, normalises a plate or code. What cannot be read becomes a kind of its own, because
 * even that gets an answer. Refuses with INVALID_INPUT when not exactly one credential is there, or a confidence is outside 0 to 1.
 */
export function readCredential(platform: Platform, shown: ShownAt, input: CredentialInput): Credential {
  const given = [input.plate, input.pass, input.code, input.unreadable, input.ticket].filter(
    (part) => part !== undefined && part !== null,
  );
  if (given.length !== 1 || input.unreadable === false || input.ticket === false) {
    throw new Refusal('INVALID_INPUT', 'Send exactly one of plate, pass, code, unreadable: true and ticket: true.', {
      field: ['credential'],
    });
  }
  if (input.pass != null) return readPass(platform, shown, input.pass);
  if (input.code != null) return readCode(input.code);
  if (input.plate != null) return readPlate(platform, shown.lotId, input.plate);
  return input.ticket === true ? { kind: 'TICKET', key: 'ticket' } : { kind: 'UNREADABLE', key: 'unreadable' };
}

function readPass(platform: Platform, { lotId, now, observedAt }: ShownAt, text: string): Credential {
  const shown = verified(platform, text);
  if (shown === undefined) return { kind: 'FORGED_PASS', key: `forged:${digest(text)}` };
  const { content, momentCode } = shown;
  const { reservationId } = content;
  const key = `pass:${reservationId}`;
  if (content.lotId !== lotId) return { kind: 'PASS_OF_ANOTHER_LOT', key };
  const isTrueAt = (at: Date): boolean =>
    momentCode !== undefined &&
    isOfTheMoment(momentCode, { secret: momentSecretOf(platform, { lotId, id: reservationId }), atMs: at.getTime() });
  return { kind: 'PASS', key, reservationId, isLive: isTrueAt(now) || isTrueAt(observedAt) };
}

function readCode(text: string): Credential {
  const code = parseReservationCode(text);
  return code === undefined
    ? { kind: 'WRONG_CODE', key: `wrong:${digest(text)}` }
    : { kind: 'CODE', key: `code:${code}`, code };
}

function readPlate(platform: Platform, lotId: string, read: PlateRead): Credential {
  const confidence = checkedConfidence(read.confidence, ['confidence']);
  const text = normalizePlate(read.text);
  if (text === undefined) return { kind: 'NO_PLATE', key: 'no-plate' };
  if (confidence !== undefined && confidence < SURE_ENOUGH) return { kind: 'UNREADABLE', key: 'unreadable' };
  const others = (read.candidates ?? []).flatMap((candidate) => {
    const plate = normalizePlate(candidate.text);
    const certain = checkedConfidence(candidate.confidence, ['candidates']);
    return plate === undefined || plate === text ? [] : [{ plate, confidence: certain }];
  });
  const sight: PlateSight = {
    read: { plate: text, confidence },
    others: others.slice(0, MAX_GUESSES),
    country: read.country ?? undefined,
  };
  const [, ...alternatives] = platesOf(sight);
  return {
    kind: 'PLATE',
    key: `${PLATE_KEY}${platform.plates.exactIndex(lotId, text)}`,
    sight,
    plates: [text, ...alternatives],
    arrivalKey: read.arrivalKey ?? undefined,
  };
}

function checkedConfidence(confidence: number | null | undefined, field: readonly string[]): number | undefined {
  if (confidence == null) return undefined;
  if (confidence >= 0 && confidence <= 1) return confidence;
  throw new Refusal('INVALID_INPUT', 'The confidence must be between 0 and 1.', {
    field: ['credential', 'plate', ...field],
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
