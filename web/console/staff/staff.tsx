import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import { ConsoleStaffDocument, type ConsoleColleagueFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { ChangeDialog, LetGoDialog } from './change.tsx';
import { InviteDialog } from './invite.tsx';
import { tell } from './texts.ts';

type Asked = 'INVITE' | { readonly what: 'CHANGE' | 'LET_GO'; readonly of: ConsoleColleagueFragment };

/** Who serves the lot, in which role; to invite more, to change what they may do, and to let them go. */
export default function StaffOfLot() {
  const { id: lot } = useLot();
  const [asked, setAsked] = useState<Asked>();
  const [done, setDone] = useState<string>();
  const [{ data, error }, again] = useAsk(ConsoleStaffDocument, { lot });
  const staff = data?.lot?.staff;
  const dialog = { onChange: again, onClose: () => setAsked(undefined) };
  const finish = (text: string) => {
    setDone(text);
    setAsked(undefined);
    again();
  };
  return (
    <>
      <Heading title={tell('title')}>
        <Button kind="main" onClick={() => setAsked('INVITE')}>
          {tell('invite')}
        </Button>
      </Heading>
      {done !== undefined && <Notice tone="good">{done}</Notice>}
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={tell('loading')} />}
      {staff?.length === 0 && <p class="card">{tell('empty')}</p>}
      {staff && staff.length > 0 && (
        <ul class="rows">
          {staff.map((of) => (
            <Colleague key={of.id} {...{ of }} onAsk={(what) => setAsked({ what, of })} />
          ))}
        </ul>
      )}
      {asked === 'INVITE' && <InviteDialog {...dialog} />}
      {typeof asked === 'object' && asked.what === 'CHANGE' && (
        <ChangeDialog of={asked.of} onDone={finish} onClose={dialog.onClose} />
      )}
      {typeof asked === 'object' && asked.what === 'LET_GO' && (
        <LetGoDialog of={asked.of} onDone={finish} onClose={dialog.onClose} />
      )}
    </>
  );
}

interface ColleagueProps {
  readonly of: ConsoleColleagueFragment;
  readonly onAsk: (what: 'CHANGE' | 'LET_GO') => void;
}

function Colleague({ of: { id, name, email, role, lotIds, createdAt }, onAsk }: ColleagueProps) {
  const { locale, staff } = useConsole();
  const { timeZone } = useLot();
  return (
    <li class="card lot-row">
      <div>
        <h2 class="colleague">
          {name} <span class="badge">{tell(`short_${role}`)}</span>
        </h2>
        <p class="quiet">{email}</p>
      </div>
      <p class="small">
        {lotIds == null ? tell('allLots') : tell('lots', { count: lotIds.length })}
        <br />
        <span class="quiet">{tell('sinceDay', { day: formatDayAndClock(createdAt, { locale, timeZone }) })}</span>
      </p>
      {id === staff.id ? (
        <p class="quiet">{tell('you')}</p>
      ) : (
        <div class="row-of">
          <Button aria-label={`${tell('change')}: ${name}`} onClick={() => onAsk('CHANGE')}>
            {tell('change')}
          </Button>
          <Button kind="danger" aria-label={`${tell('letGo')}: ${name}`} onClick={() => onAsk('LET_GO')}>
            {tell('letGo')}
          </Button>
        </div>
      )}
    </li>
  );
}
