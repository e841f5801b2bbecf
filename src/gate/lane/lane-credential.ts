import { createHash } from 'node:crypto';
import { parseReservationCode } from '../../domain/code.ts';
import type { PlateGuess, PlateSight } from '../../domain/match-plate.ts';
import { normalizePlate } from '../../domain/plate.ts';
import { isOfTheMoment, momentSecret, readPresentedPass, type PassContent } from '../pass-token.ts';
import type { LotIndex, PlateIndexes } from './lot-index.ts';

/** What a lane's device sends; exactly one of the five, as in the cloud's mutations. */
export interface CredentialSent {
  readonly plate?: PlateSent | null | undefined;
  readonly pass?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly unreadable?: boolean | null | undefined;
  /** The driver asks for a ticket. */
  readonly ticket?: boolean | null | undefined;
}

export interface PlateSent {
  readonly text: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined;
  /** 0 to 1; absent for a plate that a person typed. */
  readonly confidence?: number | null | undefined;
  readonly candidates?: readonly PlateCandidate[] | null | undefined;
  readonly arrivalKey?: string | null | undefined;
}

export interface PlateCandidate {
  readonly text: string;
  readonly confidence?: number | null | undefined;
}

/** A credential as the lane works with it. `key` stands for it in what is stored, and is no plate. */
export type LaneCredential = { readonly key: string } & (
  | {
      readonly kind: 'PASS';
      readonly pass: PassContent;
      /** It came with the code of the moment: no picture of it. */
      readonly isLive: boolean;
    }
  | { readonly kind: 'FORGED_PASS' | 'PASS_OF_ANOTHER_LOT' | 'WRONG_CODE' | 'NO_PLATE' | 'UNREADABLE' | 'TICKET' }
  | { readonly kind: 'CODE'; readonly code: string }
  | {
      readonly kind: 'PLATE';
      /** What the camera saw, in clear: in memory only. */
      readonly sight: PlateSight;
      readonly read: PlateIndexes;
    }
);

const MAX_GUESSES = 4;
/** Under this a camera is guessing, and what it says is no plate. */
const SURE_ENOUGH = 0.3;

/** Reads a credential with what the bundle brings: the keys of passes and of the lot's plates. `clockSkewMs` widens the moment of a rotating code. */
export function readLaneCredential(
  index: LotIndex,
  sent: CredentialSent,
  at: { nowMs: number; clockSkewMs: number },
): LaneCredential {
  if (sent.pass != null) return readPass(index, sent.pass, at);
  if (sent.code != null) return readCode(sent.code);
  if (sent.plate != null) return readPlate(index, sent.plate);
  return sent.ticket === true ? { kind: 'TICKET', key: 'ticket' } : { kind: 'UNREADABLE', key: 'unreadable' };
}

function readPass(index: LotIndex, text: string, at: { nowMs: number; clockSkewMs: number }): LaneCredential {
  const presented = readPresentedPass(text, index.passKeys);
  if (presented === undefined) return { kind: 'FORGED_PASS', key: `forged:${digest(text)}` };
  const { content, momentCode } = presented;
  const key = `pass:${content.reservationId}`;
  if (content.lotId !== index.bundle.lotId) return { kind: 'PASS_OF_ANOTHER_LOT', key };
  const { nowMs: atMs, clockSkewMs: skewMs } = at;
  const isLive =
    index.factorKey !== undefined &&
    isOfTheMoment(momentCode, { secret: momentSecret(index.factorKey, content.reservationId), atMs, skewMs });
  return { kind: 'PASS', key, pass: content, isLive };
}

function readCode(text: string): LaneCredential {
  const code = parseReservationCode(text);
  return code === undefined
    ? { kind: 'WRONG_CODE', key: `wrong:${digest(text)}` }
    : { kind: 'CODE', key: `code:${code}`, code };
}

function readPlate(index: LotIndex, sent: PlateSent): LaneCredential {
  const text = normalizePlate(sent.text);
  if (text === undefined) return { kind: 'NO_PLATE', key: 'no-plate' };
  if ((sent.confidence ?? 1) < SURE_ENOUGH) return { kind: 'UNREADABLE', key: 'unreadable' };
  const read = index.indexesOf(text);
  const sight = {
    read: guessOf(text, sent.confidence),
    others: guessesOf(sent.candidates ?? [], text),
    ...(sent.country == null ? {} : { country: sent.country }),
  };
  return { kind: 'PLATE', key: `plate:${read.index}`, sight, read };
}

function guessesOf(candidates: readonly PlateCandidate[], text: string): PlateGuess[] {
  const plates = new Map<string, PlateGuess>();
  for (const { text: other, confidence } of candidates) {
    const plate = normalizePlate(other);
    if (plate !== undefined && plate !== text && !plates.has(plate)) plates.set(plate, guessOf(plate, confidence));
  }
  return [...plates.values()].slice(0, MAX_GUESSES);
}

function guessOf(plate: string, confidence: number | null | undefined): PlateGuess {
  return confidence == null ? { plate } : { plate, confidence };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
