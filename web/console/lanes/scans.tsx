import type { CombinedError } from '@urql/core';
import { useEffect, useState } from 'preact/hooks';
import { useAsk, useLive } from '../../data/ask.ts';
import { Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatClock } from '../../format/time.ts';
import {
  ConsoleGateActivityDocument,
  ConsoleScansDocument,
  type ConsoleScanFragment,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useAgainWhenBack } from '../frame/connection.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';

/** What stands on the page; older ones fall off its end. */
const MOST = 40;

export interface KnownScans {
  readonly rows: readonly ConsoleScanFragment[];
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

/** The latest decisions at the gates of a lot: those that were taken, then each as it is taken. */
export function useScans(lotId: string): KnownScans {
  const { locale } = useConsole();
  const [{ data, error }, again] = useAsk(ConsoleScansDocument, { lot: lotId, first: MOST, locale });
  useAgainWhenBack(again);
  const heard = useLive(ConsoleGateActivityDocument, { lot: lotId, locale })?.gateActivity;
  const [live, setLive] = useState<readonly ConsoleScanFragment[]>([]);
  useEffect(() => {
    if (heard) setLive((known) => [heard, ...known].slice(0, MOST));
  }, [heard]);
  const ids = new Set(live.map(({ decision }) => decision.scanId));
  const before = (data?.lot?.scans ?? []).filter(({ decision }) => !ids.has(decision.scanId));
  return { rows: [...live, ...before].slice(0, MOST), isWaiting: data === undefined && !error, error, again };
}

export function Scans({ lot, scans }: { lot: ChosenLot; scans: KnownScans }) {
  const { say } = useConsole();
  const { rows, isWaiting, error, again } = scans;
  return (
    <section class="card stack">
      <h2>{say('scans')}</h2>
      {error && <Problem error={error} onRetry={again} />}
      {isWaiting && <Waiting label={say('loading')} />}
      {!isWaiting && !error && rows.length === 0 && <p class="quiet">{say('noScans')}</p>}
      <ol class="scans">
        {rows.map((scan) => (
          <Scan key={scan.decision.scanId} {...{ scan, lot }} />
        ))}
      </ol>
    </section>
  );
}

const TONES = { OPEN: 'good', DENY: 'bad', ASK: 'warn' } as const;

function Scan({ scan, lot }: { scan: ConsoleScanFragment; lot: ChosenLot }) {
  const { say, locale } = useConsole();
  const { decision, operation, gateId } = scan;
  const gate = lot.gates.find(({ id }) => id === gateId);
  const facts = [
    gate?.name ?? [],
    say(`operation_${operation}`),
    decision.reservationCode ?? [],
    decision.spotLabel ?? [],
    decision.due && decision.due.amountMinor > 0 ? say('due', { amount: formatAmount(decision.due, locale) }) : [],
  ].flat();
  return (
    <li>
      <time dateTime={decision.decidedAt}>{formatClock(decision.decidedAt, { locale, timeZone: lot.timeZone })}</time>
      <span class={`badge ${TONES[decision.action]}`}>{say(`action_${decision.action}`)}</span>
      <span>
        {decision.displayText}
        <br />
        <span class="quiet small">{facts.join(' · ')}</span>
      </span>
    </li>
  );
}
