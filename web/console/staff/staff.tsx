import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import { ConsoleStaffDocument } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { InviteDialog } from './invite.tsx';
import { tell } from './texts.ts';

/** Who serves the lot, in which role, and how to invite more. */
export default function StaffOfLot() {
  const { locale } = useConsole();
  const { id: lot, timeZone } = useLot();
  const [isAsked, setAsked] = useState(false);
  const [{ data, error }, again] = useAsk(ConsoleStaffDocument, { lot });
  const staff = data?.lot?.staff;
  return (
    <>
      <Heading title={tell('title')}>
        <Button kind="main" onClick={() => setAsked(true)}>
          {tell('invite')}
        </Button>
      </Heading>
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={tell('loading')} />}
      {staff?.length === 0 && <p class="card">{tell('empty')}</p>}
      {staff && staff.length > 0 && (
        <div class="table-frame card" role="region" aria-label={tell('title')} tabIndex={0}>
          <table class="table">
            <thead>
              <tr>
                {(['name', 'email', 'role', 'serves', 'since'] as const).map((column) => (
                  <th key={column} scope="col">
                    {tell(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {staff.map(({ id, name, email, role, lotIds, createdAt }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>{email}</td>
                  <td>{tell(`short_${role}`)}</td>
                  <td>{lotIds == null ? tell('allLots') : tell('lots', { count: lotIds.length })}</td>
                  <td>{formatDayAndClock(createdAt, { locale, timeZone })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isAsked && <InviteDialog onChange={again} onClose={() => setAsked(false)} />}
    </>
  );
}
