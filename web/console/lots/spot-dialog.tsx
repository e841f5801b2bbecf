import { useState } from 'preact/hooks';
import { useAsk, useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatDayAndClock, formatPeriod } from '../../format/time.ts';
import {
  ConsoleCloseSpotsDocument,
  ConsoleOpenSpotsDocument,
  ConsoleSpotDocument,
  type ConsoleSpotQuery,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { SayDialog, type Said } from './say-dialog.tsx';
import { Swatch } from './states.tsx';

type Node = NonNullable<ConsoleSpotQuery['node']>;
type SpotFacts = Extract<Node, { __typename: 'Spot' }>;

interface Props {
  readonly lot: ChosenLot;
  readonly spot: { readonly id: string; readonly label: string };
  readonly onClose: () => void;
  /** Told when something was done to it. */
  readonly onChanged: () => void;
}

/** One spot: how it stands, whose it is, and the way out of service. */
export function SpotDialog({ lot, spot, onClose, onChanged }: Props) {
  const { say, isOperator } = useConsole();
  const [{ data, error }, again] = useAsk(ConsoleSpotDocument, { id: spot.id });
  const facts = data?.node?.__typename === 'Spot' ? data.node : undefined;
  const [said, setSaid] = useState<Said>();
  const changed = () => {
    again();
    onChanged();
  };
  if (facts && said)
    return (
      <SayDialog
        {...{ spot, said }}
        onClose={() => setSaid(undefined)}
        onDone={() => {
          setSaid(undefined);
          changed();
        }}
      />
    );
  return (
    <Dialog title={say('spotTitle', { label: spot.label })} onClose={onClose}>
      {error && <Problem error={error} onRetry={again} />}
      {facts === undefined && !error && <Waiting label={say('loading')} />}
      {facts && <Facts {...{ facts, lot }} />}
      <div class="row-of">
        {facts && (
          <Button onClick={() => setSaid(facts.override ? 'NOTHING' : 'SIGHT')}>
            {say(facts.override ? 'endOverride' : 'saySpot')}
          </Button>
        )}
        {facts && isOperator && <Service {...{ lot, facts }} onDone={changed} />}
        <Button onClick={onClose}>{say('close')}</Button>
      </div>
    </Dialog>
  );
}

function Facts({ facts, lot }: { facts: SpotFacts; lot: ChosenLot }) {
  const { say, locale } = useConsole();
  const { state, spotType, sensedOccupied, maxHeightCm, maxLengthCm, reservation, override, sensors } = facts;
  const place = { locale, timeZone: lot.timeZone };
  const sensed = sensedOccupied === true ? 'sensed_yes' : sensedOccupied === false ? 'sensed_no' : 'sensed_unknown';
  return (
    <dl class="facts">
      <dt>{say('state')}</dt>
      <dd class="row-of">
        {state && <Swatch state={state} />}
        {state && say(`state_${state}`)}
      </dd>
      <dt>{say('type')}</dt>
      <dd>{say(`spot_${spotType}`)}</dd>
      <dt>{say('sensed')}</dt>
      <dd>{say(sensed)}</dd>
      {override && (
        <>
          <dt>{say('overridden')}</dt>
          <dd>
            {say('sightUntil', {
              sight: say(`sight_${override.sight}`),
              at: formatDayAndClock(override.expiresAt, place),
            })}
            <br />
            <span class="quiet">“{override.reason}”</span>
          </dd>
        </>
      )}
      {sensors.length > 0 && (
        <>
          <dt>{say('sensors')}</dt>
          <dd>
            {sensors.map((sensor) => (
              <SensorLine key={sensor.id} sensor={sensor} />
            ))}
          </dd>
        </>
      )}
      {maxHeightCm != null && (
        <>
          <dt>{say('heightLimit')}</dt>
          <dd>{say('centimetres', { cm: maxHeightCm })}</dd>
        </>
      )}
      {maxLengthCm != null && (
        <>
          <dt>{say('lengthLimit')}</dt>
          <dd>{say('centimetres', { cm: maxLengthCm })}</dd>
        </>
      )}
      {reservation && (
        <>
          <dt>{say('reservation')}</dt>
          <dd>
            <a href={addressOf(['reservations', reservation.id])}>{reservation.code}</a> · {reservation.plate}
            <br />
            <span class="quiet">{formatPeriod(reservation.period.startsAt, reservation.period.endsAt, place)}</span>
          </dd>
        </>
      )}
    </dl>
  );
}

function SensorLine({ sensor }: { sensor: SpotFacts['sensors'][number] }) {
  const { say } = useConsole();
  const { serial, occupied, isSilent, batteryPercent } = sensor;
  const seen = occupied === true ? 'sensed_yes' : occupied === false ? 'sensed_no' : 'sensed_unknown';
  const facts = [
    say(isSilent ? 'sensorSilent' : seen),
    batteryPercent == null ? [] : say('battery', { percent: batteryPercent }),
  ].flat();
  return (
    <span class={isSilent ? 'sensor bad-text' : 'sensor'}>
      <span class="mono">{serial}</span> {facts.join(' · ')}
    </span>
  );
}

function Service({ lot, facts, onDone }: { lot: ChosenLot; facts: SpotFacts; onDone: () => void }) {
  const { say } = useConsole();
  const [refused, setRefused] = useState<Refused>();
  const [closing, closeSpots] = useDo(ConsoleCloseSpotsDocument);
  const [opening, openSpots] = useDo(ConsoleOpenSpotsDocument);
  const error = closing.error ?? opening.error;
  const act = async () => {
    const input = { lotId: lot.id, spotIds: [facts.id] };
    const payload = facts.inService
      ? (await closeSpots({ input }))?.closeSpots
      : (await openSpots({ input }))?.openSpots;
    setRefused(payload?.userErrors[0]);
    if (payload?.userErrors.length === 0) onDone();
  };
  return (
    <>
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && <Problem error={error} />}
      <Button isBusy={closing.fetching || opening.fetching} onClick={() => void act()}>
        {say(facts.inService ? 'closeSpot' : 'openSpot')}
      </Button>
    </>
  );
}
