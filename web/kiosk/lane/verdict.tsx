import type { KioskDecisionFragment } from '../../generated/graphql.ts';
import type { Place } from '../door.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';
import { Exit } from './exit.tsx';
import { Icon } from './icon.tsx';
import type { Asked, Lane } from './use-lane.ts';
import { Ways, type Means } from './ways.tsx';
import { wordOf, type Word } from './word.ts';

interface Props {
  readonly asked: Asked;
  readonly place: Place;
  readonly lane: Lane;
  readonly onMeans: (means: Means) => void;
  readonly onRestart: () => void;
}

const WORDS: Readonly<Record<Word, KioskKey>> = { OPEN: 'word_OPEN', WAIT: 'word_WAIT', CALL: 'word_CALL' };

/** One word, one icon, one colour; below it why, and what the driver can do. */
export function Verdict({ of }: { of: Props }) {
  const { asked, lane, onRestart } = of;
  const { say } = useKiosk();
  const { decision } = asked;
  const word = asked.isWrong ? 'CALL' : wordOf(decision);
  return (
    <div class="verdict">
      <div class={`word ${word.toLowerCase()}`} role="alert">
        <Icon word={word} />
        <strong>{say(WORDS[word])}</strong>
        <p>{reasonText(of, say)}</p>
      </div>
      {decision === undefined ? !asked.isWrong && !lane.isOffline && <Waiting /> : <Facts decision={decision} />}
      {decision?.reason === 'PAYMENT_DUE' ? <Exit decision={decision} of={of} /> : <Choices of={of} />}
      <button type="button" class="button again" onClick={onRestart}>
        {say('startOver')}
      </button>
    </div>
  );
}

function Waiting() {
  const { say } = useKiosk();
  return (
    <div role="progressbar" aria-label={say('word_WAIT')}>
      <div class="waiting" />
    </div>
  );
}

function reasonText({ asked, place, lane }: Props, say: (key: KioskKey) => string): string {
  if (asked.isWrong) return say('scanWrong');
  if (asked.decision) return say(`reason_${asked.decision.reason}`);
  if (!lane.isOffline) return say('looking');
  return say(place.direction === 'EXIT' ? 'scanKeptExit' : 'scanKept');
}

/** Where to go and what to keep: of an entry. */
function Facts({ decision }: { decision: KioskDecisionFragment }) {
  const { say } = useKiosk();
  const { spotLabel, directions, ticketCode, nearestFree } = decision;
  if (decision.reason === 'PAYMENT_DUE') return null;
  if (spotLabel == null && ticketCode == null && nearestFree == null) return null;
  return (
    <dl class="facts">
      {spotLabel != null && (
        <div>
          <dt>{say('spot')}</dt>
          <dd>{spotLabel}</dd>
          {directions != null && <dd class="small">{directions}</dd>}
        </div>
      )}
      {ticketCode != null && (
        <div>
          <dt>{say('ticket')}</dt>
          <dd>{ticketCode}</dd>
          <dd class="small">{say('keepTicket')}</dd>
        </div>
      )}
      {nearestFree != null && (
        <div>
          <dt>{say('nearest')}</dt>
          <dd>{nearestFree.lotName}</dd>
          <dd class="small">{say('nearestFree', { meters: nearestFree.distanceMeters, free: nearestFree.free })}</dd>
        </div>
      )}
    </dl>
  );
}

const TRY_ANOTHER: readonly string[] = [
  ...['AMBIGUOUS', 'UNREADABLE', 'UNKNOWN_CREDENTIAL', 'PASS_STALE', 'PASS_FORGED', 'NOT_INSIDE'],
  ...['SYSTEM_UNAVAILABLE'],
];

/** What else may be tried, where another way of saying who one is can help. */
function Choices({ of: { asked, place, lane, onMeans } }: { of: Props }) {
  const { decision, isWrong } = asked;
  if (!isWrong && (decision === undefined || !TRY_ANOTHER.includes(decision.reason))) return null;
  return <Ways place={place} lane={lane} onMeans={onMeans} />;
}
