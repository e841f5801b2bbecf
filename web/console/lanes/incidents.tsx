import { useEffect, useRef, useState } from 'preact/hooks';
import { useAsk, useDo, useLive } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import {
  ConsoleAlertsDocument,
  ConsoleLanesDocument,
  ConsoleResolveDocument,
  type ConsoleIncidentFragment,
  type ConsoleLanesQuery,
  type IncidentAction,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useAgainWhenBack } from '../frame/connection.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { PresenceDialog } from '../reservations/presence-dialog.tsx';
import { wordsOf } from '../reservations/timeline.tsx';
import { SettleDialog } from './settle-dialog.tsx';

/** What one key says, while an incident has the focus. */
const KEYS: readonly IncidentAction[] = ['FALSE_ALARM', 'NOTHING_TO_DO', 'SPOKE_TO_DRIVER', 'REPAIRED'];
const MOST = 50;
const TONES = { INFO: '', WARNING: 'warn', URGENT: 'bad' } as const;
const RANK = { URGENT: 0, WARNING: 1, INFO: 2 } as const;

/** What a person should look at, the most urgent first, as it is raised; each is settled with one key or in a person's own words. */
export function Incidents({ lot }: { lot: ChosenLot }) {
  const { say } = useConsole();
  const { data, error, again, alert } = useIncidents(lot.id);
  const [asked, setAsked] = useState<ConsoleIncidentFragment>();
  const [leaving, setLeaving] = useState<ConsoleIncidentFragment>();
  const list = useRef<HTMLUListElement>(null);
  const { settled, said, refused, fetching, broken, resolve, setSaid } = useSettling();
  const open = mostUrgentFirst(data?.lot).filter(({ id }) => !settled.has(id));
  const hasMore = data?.lot?.incidents.pageInfo.hasNextPage === true;
  const settle = async (incident: ConsoleIncidentFragment, action: IncidentAction, reason: string) => {
    if (!(await resolve(incident.id, action, reason))) return;
    const at = open.findIndex(({ id }) => id === incident.id);
    const next = open[at + 1] ?? open[at - 1];
    setAsked(undefined);
    if (next) list.current?.querySelector<HTMLElement>(`[data-incident="${next.id}"]`)?.focus();
    else list.current?.focus();
  };
  return (
    <section class="card stack">
      <h2>
        {say('incidents')}{' '}
        {open.length > 0 && <span class="badge warn">{hasMore ? `${open.length}+` : open.length}</span>}
      </h2>
      <p class="heard" role="alert">
        {alert?.change === 'RAISED' && say('newIncident', { text: say(`incident_${alert.incident.kind}`) })}
      </p>
      {said !== undefined && <Notice tone="good">{said}</Notice>}
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && <Problem error={error} onRetry={again} />}
      {broken && !fetching && <Problem error={broken} />}
      {data === undefined && !error && <Waiting label={say('loading')} />}
      {data && open.length === 0 && <p class="quiet">{say('noIncidents')}</p>}
      {open.length > 0 && <p class="quiet small">{say('incidentKeys')}</p>}
      <ul class="incidents" ref={list} tabIndex={-1}>
        {open.map((incident) => (
          <IncidentRow
            key={incident.id}
            {...{ incident, lot, isBusy: fetching }}
            onSettle={(action) => void settle(incident, action, say(`act_${action}`))}
            onAsk={() => setAsked(incident)}
            onLeft={() => setLeaving(incident)}
          />
        ))}
      </ul>
      {hasMore && <p class="quiet small">{say('moreIncidents')}</p>}
      {leaving?.stay && (
        <PresenceDialog
          {...{ lot, of: { stay: leaving.stay } }}
          onClose={() => setLeaving(undefined)}
          onDone={(text) => {
            setLeaving(undefined);
            setSaid(text);
            again();
          }}
        />
      )}
      {asked && (
        <SettleDialog
          incident={asked}
          isBusy={fetching}
          onClose={() => setAsked(undefined)}
          onSettle={(action, reason) => void settle(asked, action, reason)}
        />
      )}
    </section>
  );
}

/** The newest urgent ones, at most `MOST`, then the newest of the others. */
function mostUrgentFirst(lot: ConsoleLanesQuery['lot'] | undefined): ConsoleIncidentFragment[] {
  const found = new Map([...(lot?.urgent.nodes ?? []), ...(lot?.incidents.nodes ?? [])].map((each) => [each.id, each]));
  return [...found.values()].toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** The open incidents of a lot, read again with each alert; and the newest alert. */
function useIncidents(lotId: string) {
  const [{ data, error }, again] = useAsk(ConsoleLanesDocument, { lot: lotId, first: MOST });
  const alert = useLive(ConsoleAlertsDocument, { lot: lotId })?.alerts;
  useAgainWhenBack(again);
  useEffect(() => {
    if (alert) again();
  }, [alert]);
  return { data, error, again, alert };
}

/** Settles incidents: which have been, what was said of the last one, and what came in the way. */
function useSettling() {
  const { say } = useConsole();
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState<string>();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error: broken }, send] = useDo(ConsoleResolveDocument);
  const resolve = async (incidentId: string, action: IncidentAction, reason: string): Promise<boolean> => {
    const payload = (await send({ input: { incidentId, action, reason } }))?.resolveIncident;
    setRefused(payload?.userErrors[0]);
    if (payload === undefined || payload.userErrors.length > 0) return false;
    setSettled((known) => new Set(known).add(incidentId));
    setSaid(say('settled', { action: say(`act_${action}`) }));
    return true;
  };
  return { settled, said, refused, fetching, broken, resolve, setSaid };
}

interface RowProps {
  readonly incident: ConsoleIncidentFragment;
  readonly lot: ChosenLot;
  readonly isBusy: boolean;
  readonly onSettle: (action: IncidentAction) => void;
  readonly onAsk: () => void;
  /** A person says that the vehicle it is about has left. */
  readonly onLeft: () => void;
}

function IncidentRow({ incident, lot, isBusy, onSettle, onAsk, onLeft }: RowProps) {
  const { say, locale } = useConsole();
  const { id, kind, severity, note, createdAt, gate, spot, reservation, imageRef } = incident;
  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || isBusy || event.metaKey || event.ctrlKey || event.altKey) return;
    const action = KEYS[Number(event.key) - 1];
    if (action !== undefined) onSettle(action);
    else if (event.key === 'Enter') onAsk();
    else return;
    event.preventDefault();
  };
  const facts = [
    formatDayAndClock(createdAt, { locale, timeZone: lot.timeZone }),
    gate?.name ?? [],
    spot?.label ?? [],
  ].flat();
  return (
    <li>
      <div
        class={`incident ${TONES[severity]}`}
        role="group"
        tabIndex={0}
        data-incident={id}
        aria-label={`${say(`severity_${severity}`)}: ${say(`incident_${kind}`)}`}
        aria-keyshortcuts="1 2 3 4 Enter"
        onKeyDown={press}
      >
        <p>
          <span class={`badge ${TONES[severity]}`}>{say(`severity_${severity}`)}</span>{' '}
          <strong>{say(`incident_${kind}`)}</strong>
        </p>
        <p class="quiet small">
          {facts.join(' · ')}
          {reservation && (
            <>
              {' · '}
              <a href={addressOf(['reservations', reservation.id])}>{reservation.code}</a>
            </>
          )}
          {note != null && ` · ${wordsOf(note)}`}
          {imageRef != null && <Picture imageRef={imageRef} />}
        </p>
        <div class="keys">
          {KEYS.map((action, index) => (
            <button key={action} type="button" disabled={isBusy} onClick={() => onSettle(action)}>
              <kbd>{index + 1}</kbd> {say(`act_${action}` as 'act_REPAIRED')}
            </button>
          ))}
          <Button onClick={onAsk}>{say('settle')}</Button>
          {incident.stay?.state === 'INSIDE' && <Button onClick={onLeft}>{say('markLeft')}</Button>}
        </div>
      </div>
    </li>
  );
}

/** The picture of the camera: to open where it has an address, else by the name that the camera gave it. */
function Picture({ imageRef }: { imageRef: string }) {
  const { say } = useConsole();
  const isAddress = /^https?:\/\//.test(imageRef);
  return (
    <>
      {' · '}
      {isAddress ? (
        <a href={imageRef} target="_blank" rel="noreferrer noopener">
          {say('picture')}
        </a>
      ) : (
        say('pictureNamed', { name: imageRef })
      )}
    </>
  );
}
