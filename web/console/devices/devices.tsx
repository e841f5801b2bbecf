import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import { ConsoleDevicesDocument, type ConsoleDevicesQuery } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { Gates } from './gates.tsx';
import { IssueDialog, RevokeDialog } from './keys.tsx';
import { tell } from './texts.ts';
import './devices.css';

type Shown = NonNullable<ConsoleDevicesQuery['lot']>;

/** The machines of a lot: gates, the keys of devices, and how its sensors are. */
export default function Devices() {
  const lot = useLot();
  const [{ data, error }, again] = useAsk(ConsoleDevicesDocument, { lot: lot.id });
  return (
    <>
      <Heading title={tell('title')} />
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={tell('loading')} />}
      {data?.lot && (
        <>
          <Gates gates={data.lot.gates} onChange={again} />
          <Keys shown={data.lot} onChange={again} />
          <Sensors shown={data.lot} />
        </>
      )}
    </>
  );
}

function Keys({ shown: { devices, gates }, onChange }: { shown: Shown; onChange: () => void }) {
  const [asked, setAsked] = useState<'ISSUE' | Shown['devices'][number]>();
  return (
    <section class="card stack">
      <div class="row-of spread">
        <h2>{tell('devices')}</h2>
        <Button onClick={() => setAsked('ISSUE')}>{tell('issue')}</Button>
      </div>
      {devices.length === 0 && <p class="quiet">{tell('noDevices')}</p>}
      <ul class="rows lined">
        {devices.map((device) => (
          <Machine
            key={device.id}
            {...{ device, gate: gates.find(({ id }) => id === device.gateId)?.name }}
            onRevoke={() => setAsked(device)}
          />
        ))}
      </ul>
      {asked === 'ISSUE' && <IssueDialog {...{ gates, onChange }} onClose={() => setAsked(undefined)} />}
      {asked !== undefined && asked !== 'ISSUE' && (
        <RevokeDialog device={asked} {...{ onChange }} onClose={() => setAsked(undefined)} />
      )}
    </section>
  );
}

interface MachineProps {
  readonly device: Shown['devices'][number];
  readonly gate: string | undefined;
  readonly onRevoke: () => void;
}

function Machine({ device, gate, onRevoke }: MachineProps) {
  const { locale } = useConsole();
  const { timeZone } = useLot();
  const { name, role, createdAt, revokedAt, lastSeenAt } = device;
  const when = (instant: string) => formatDayAndClock(instant, { locale, timeZone });
  return (
    <li class="row-of spread">
      <div>
        <h3>{name}</h3>
        <p class="quiet">
          {tell(`role_${role}`)}
          {gate !== undefined && ` · ${gate}`}
        </p>
        <p class="small quiet">
          {revokedAt == null
            ? tell('sinceWhen', { when: when(createdAt) })
            : tell('revokedWhen', { when: when(revokedAt) })}{' '}
          · {lastSeenAt == null ? tell('neverSeen') : tell('seenWhen', { when: when(lastSeenAt) })}
        </p>
      </div>
      <div class="row-of">
        <span class={`badge ${revokedAt == null ? 'good' : ''}`}>{tell(revokedAt == null ? 'active' : 'revoked')}</span>
        {revokedAt == null && (
          <Button aria-label={`${tell('revoke')}: ${name}`} onClick={onRevoke}>
            {tell('revoke')}
          </Button>
        )}
      </div>
    </li>
  );
}

function Sensors({ shown }: { shown: Shown }) {
  const { locale } = useConsole();
  const { timeZone } = useLot();
  const sensors = shown.spots.nodes.flatMap(({ label, sensors: of }) => of.map((sensor) => ({ label, ...sensor })));
  const silent = sensors.filter(({ isSilent }) => isSilent).length;
  if (sensors.length === 0)
    return (
      <section class="card stack">
        <h2>{tell('sensors')}</h2>
        <p class="quiet">{tell('noSensors')}</p>
      </section>
    );
  const columns = [tell('serial'), tell('spot'), tell('state'), tell('heard'), tell('battery'), tell('lost')];
  return (
    <section class="card stack">
      <h2>{tell('sensors')}</h2>
      <Notice tone={silent === 0 ? 'good' : 'warn'}>{tell('sensorsHealth', { silent })}</Notice>
      <Grid name={tell('sensors')} columns={columns}>
        {sensors
          .toSorted((a, b) => Number(b.isSilent) - Number(a.isSilent))
          .map(({ id, serial, label, isSilent, heardAt, batteryPercent, lostTotal }) => (
            <tr key={id}>
              <th scope="row">{serial}</th>
              <td>{label}</td>
              <td>
                <span class={`badge ${isSilent ? 'warn' : 'good'}`}>{tell(isSilent ? 'silent' : 'reports')}</span>
              </td>
              <td>{heardAt == null ? tell('never') : formatDayAndClock(heardAt, { locale, timeZone })}</td>
              <td>{batteryPercent == null ? '—' : `${batteryPercent} %`}</td>
              <td>{lostTotal}</td>
            </tr>
          ))}
      </Grid>
    </section>
  );
}

function Grid(props: { name: string; columns: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="table-frame" role="region" aria-label={props.name} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
