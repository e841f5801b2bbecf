// Blocks of time along a stay, in runs of equal ones: a stay by the minute has ten runs and not ten thousand blocks.

import { bandSpans } from './band-windows.ts';
import type { BandSpans } from './band-windows.ts';
import type { CompiledBand, CompiledStep } from './compile.ts';
import type { BlockRounding, BlockRule } from './document.ts';
import { Always, Days } from './spans.ts';
import type { Spans } from './spans.ts';
import type { Visit } from './visit.ts';
import { minuteOfDay } from './windows.ts';

/** Equal blocks that begin one after the other where nothing changes for any rule. */
export interface Run {
  readonly band: CompiledBand;
  readonly step: CompiledStep;
  readonly fromMs: number;
  /** Where the last block ends, was cut by an edge, or the stay ends. */
  readonly toMs: number;
  /** How many count; 0 where the only one is rounded down. */
  readonly blocks: number;
  /** What they cost, in parts. */
  readonly amount: bigint;
  /** One block that an edge has cut and that is charged by its exact share. */
  readonly isShare: boolean;
}

const WHOLE_BLOCKS: BlockRule = { rounding: 'UP', over: 'SEGMENT' };

/**
 * Walks a stay from where charging starts, run by run. Answers questions 3, 4 and 5: which band and step a block is charged by, whether
 * an edge cuts it, and how a part counts.
 */
export class BlockWalk {
  /** The windows that the walk is in. */
  readonly bands: BandSpans;
  readonly #visit: Visit;
  readonly #restarts: Spans;
  readonly #rule: BlockRule;
  readonly #isCut: boolean;

  constructor(visit: Visit) {
    const { edges, blocks } = visit.tariff.document;
    this.#visit = visit;
    this.bands = bandSpans(visit);
    this.#restarts = restartsOf(visit, this.bands);
    this.#rule = blocks ?? WHOLE_BLOCKS;
    this.#isCut = edges === 'CUT';
  }

  /** The run that begins at a point; all its blocks begin before `alikeUntilMs`, up to which no other rule changes. */
  runFrom(atMs: number, alikeUntilMs: number): Run {
    this.bands.moveTo(atMs);
    this.#restarts.moveTo(atMs);
    const { band, endsMs: windowEndsMs } = this.bands;
    const countedFromMs = Math.max(this.#visit.chargedFromMs, this.#restarts.startsMs);
    const step = stepAt(band, atMs - countedFromMs);
    const untilMs = Math.min(alikeUntilMs, windowEndsMs, this.#restarts.endsMs, countedFromMs + step.endsMs);
    const begun = Math.ceil((untilMs - atMs) / step.blockMs);
    const runsToMs = atMs + begun * step.blockMs;
    const cutAtMs = this.#cutAt(runsToMs);
    if (runsToMs <= cutAtMs) return wholeRun({ band, step, fromMs: atMs, toMs: runsToMs, blocks: begun });
    return this.#partRun({ band, step, fromMs: atMs, toMs: cutAtMs, blocks: begun });
  }

  /** Where blocks that would run to a point end at the latest. */
  #cutAt(runsToMs: number): number {
    const { endsMs } = this.#visit;
    return this.#isCut ? Math.min(endsMs, this.bands.edgeBefore(Math.min(runsToMs, endsMs))) : endsMs;
  }

  /** A run whose last block is only a part of one. */
  #partRun(begun: Omit<Run, 'amount' | 'isShare'>): Run {
    const { step, fromMs, toMs, blocks } = begun;
    const partFromMs = fromMs + (blocks - 1) * step.blockMs;
    const isRounded = this.#rule.over === 'SEGMENT' || toMs === this.#visit.endsMs;
    if (isRounded) {
      const counted = blocks - 1 + roundedPart(this.#rule.rounding, (toMs - partFromMs) / step.blockMs);
      return wholeRun({ ...begun, blocks: counted });
    }
    // The whole blocks first, so that the share is a run of its own.
    if (blocks > 1) return wholeRun({ ...begun, toMs: partFromMs, blocks: blocks - 1 });
    const amount = (step.price * BigInt(toMs - fromMs)) / BigInt(step.blockMs);
    return { ...begun, blocks: 1, amount, isShare: true };
  }
}

function wholeRun(run: Omit<Run, 'amount' | 'isShare'>): Run {
  const { band, step, fromMs, toMs, blocks } = run;
  return { band, step, fromMs, toMs, blocks, amount: step.price * BigInt(blocks), isShare: false };
}

function roundedPart(rounding: BlockRounding, share: number): number {
  if (rounding === 'NEAREST') return share >= 0.5 ? 1 : 0;
  return rounding === 'UP' ? 1 : 0;
}

/** The step that is read so long after the band's minutes began to be counted. */
function stepAt({ steps }: CompiledBand, countedMs: number): CompiledStep {
  const step = steps.find(({ endsMs }) => countedMs < endsMs);
  if (step === undefined) throw new RangeError('the steps of a band end');
  return step;
}

/** From where a band's minutes are counted, again and again. */
function restartsOf({ rate, tariff, chargedFromMs }: Visit, bands: BandSpans): Spans {
  const { stepsRestart = 'STAY', caps = [] } = rate.rate;
  if (stepsRestart === 'WINDOW') return bands;
  if (stepsRestart === 'STAY') return new Always(chargedFromMs);
  const { dayStartsAt = '00:00' } = caps.find(({ window }) => window === 'BUSINESS_DAY') ?? {};
  return new Days(tariff.timeline, minuteOfDay(dayStartsAt));
}
