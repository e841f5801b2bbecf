import { encodeId } from '../../domain/public-id.ts';
import type { Logger } from '../../platform/log.ts';
import type { CloudLink } from './cloud-link.ts';
import type { Journal } from './journal.ts';

const UPLOAD = `mutation uploadLaneJournal($input: UploadLaneJournalInput!) {
  uploadLaneJournal(input: $input) { acknowledgedSeq broken { seq problem } userErrors { code message } } }`;

const BATCH = 500;
/** The cloud takes requests of 64 KiB; texts in them are escaped once more. */
const MOST_BYTES = 56_000;
const UPLOAD_MS = 30_000;
const IDLE_MS = 250;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** What the cloud says about a piece of the journal. */
interface Uploaded {
  readonly acknowledgedSeq: number;
  readonly broken: readonly { readonly seq: number; readonly problem: string }[];
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

export interface UploaderParts {
  readonly link: CloudLink;
  readonly journal: Journal;
  readonly lotId: string;
  readonly log: Logger;
  readonly isAlone: () => boolean;
  readonly onAcknowledged: (seq: number) => void;
  readonly onBroken: (broken: Uploaded['broken']) => void;
}

/**
 * Sends the journal to the cloud in order, as many entries at a time as fit into a request, and again until each is acknowledged as durable. Sending twice does no
 * harm. Entries that the cloud calls forged or unreadable are stored there too, flagged for a person; the journal goes on behind them.
 */
export class Uploader {
  private readonly parts: UploaderParts;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private isSending = false;
  private pauseMs = FIRST_PAUSE_MS;
  /** Up to where entries were stored, though one before them is missing here and there. */
  private storedSeq = 0;

  constructor(parts: UploaderParts) {
    this.parts = parts;
  }

  start(): void {
    this.wait(IDLE_MS);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  /** Something new is there: it is sent without waiting for the next look, unless the cloud is away. */
  nudge(): void {
    if (!this.isSending && !this.parts.isAlone()) this.wait(0);
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.run(), ms);
  }

  private async run(): Promise<void> {
    this.isSending = true;
    const outcome = await this.sendNext().catch((error: unknown) => {
      this.parts.log.error({ err: error }, 'the journal could not be sent');
      return 'FAILED' as const;
    });
    this.isSending = false;
    if (outcome === 'SENT') this.pauseMs = FIRST_PAUSE_MS;
    if (outcome === 'FAILED') this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    this.wait({ SENT: 0, NOTHING: IDLE_MS, ALONE: IDLE_MS, FAILED: this.pauseMs }[outcome]);
  }

  private async sendNext(): Promise<'SENT' | 'NOTHING' | 'ALONE' | 'FAILED'> {
    const { link, journal, lotId, isAlone } = this.parts;
    const sentSeq = Math.max(journal.acknowledgedSeq, this.storedSeq);
    if (journal.lastSeq <= sentSeq) return 'NOTHING';
    if (isAlone()) return 'ALONE';
    const entries = fitting(journal.entriesAfter(sentSeq, BATCH));
    const last = entries.at(-1);
    if (last === undefined) return 'NOTHING';
    const answer = await link.ask({
      query: UPLOAD,
      variables: { input: { lotId: encodeId('lot', null, lotId), entries } },
      bearer: link.bearer(),
      timeoutMs: UPLOAD_MS,
    });
    if (answer.came !== 'DATA' || this.isClosed) return 'FAILED';
    return this.settle(answer.data['uploadLaneJournal'] as Uploaded, last.seq) ? 'SENT' : 'FAILED';
  }

  private settle({ acknowledgedSeq, broken, userErrors }: Uploaded, lastSeq: number): boolean {
    const { journal, log, onAcknowledged, onBroken } = this.parts;
    if (userErrors.length > 0) {
      log.error({ userErrors }, 'the cloud does not take the journal');
      return false;
    }
    if (broken.length > 0) {
      log.error({ broken }, 'the cloud found the journal broken');
      onBroken(broken);
    }
    // Nobody has the missing entry: what is behind it is stored all the same, and durable with that.
    const isMissingHere =
      acknowledgedSeq < lastSeq && journal.entriesAfter(acknowledgedSeq, 1)[0]?.seq !== acknowledgedSeq + 1;
    this.storedSeq = isMissingHere ? lastSeq : Math.max(0, acknowledgedSeq);
    onAcknowledged(isMissingHere ? lastSeq : Math.min(acknowledgedSeq, journal.lastSeq));
    return isMissingHere || acknowledgedSeq > 0;
  }
}

/** The first of these that fit into one request; at least one. */
function fitting<T>(entries: readonly T[]): T[] {
  let bytes = 0;
  const firstTooMany = entries.findIndex((entry, at) => {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    return at > 0 && bytes > MOST_BYTES;
  });
  return entries.slice(0, firstTooMany < 0 ? undefined : firstTooMany);
}
