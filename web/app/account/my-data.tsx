import { useClient } from '@urql/preact';
import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppDebtsDocument, AppReservationsDocument, type AppReservationsQuery } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';
import { download } from '../frame/download.ts';
import { DeleteAccount } from './delete-account.tsx';
import type { Driver } from './viewer.ts';

const PAGE = 100;
/** As it is now, and not what the view happens to have. */
const FRESH = { requestPolicy: 'network-only' } as const;

/** Hands a driver all that the interface knows of them, as one file. */
export function MyData({ driver }: { driver: Driver }) {
  const { say } = useApp();
  const client = useClient();
  const [state, setState] = useState<'IDLE' | 'READING' | 'FAILED'>('IDLE');
  const reservations = async () => {
    const all: AppReservationsQuery['reservations']['nodes'] = [];
    for (let after: string | null | undefined; ;) {
      const asked = { first: PAGE, ...(after == null ? {} : { after }) };
      const { data, error } = await client.query<AppReservationsQuery>(
        AppReservationsDocument.toString(),
        asked,
        FRESH,
      );
      if (!data) throw error ?? new Error('no answer');
      all.push(...data.reservations.nodes);
      if (!data.reservations.pageInfo.hasNextPage) return all;
      after = data.reservations.pageInfo.endCursor;
    }
  };
  const save = async () => {
    setState('READING');
    try {
      const debts = await client.query<unknown>(AppDebtsDocument.toString(), {}, FRESH);
      if (!debts.data) throw debts.error ?? new Error('no answer');
      const all = { driver, reservations: await reservations(), owed: debts.data };
      download(JSON.stringify(all, undefined, 2), { name: 'parkwell-my-data.json', type: 'application/json' });
      setState('IDLE');
    } catch {
      setState('FAILED');
    }
  };
  return (
    <section class="card stack" aria-labelledby="data">
      <h2 id="data">{say('myData')}</h2>
      <p class="quiet">{say('myDataHint')}</p>
      {state === 'FAILED' && <Notice tone="bad">{say('problem_offline')}</Notice>}
      <p>
        <Button isBusy={state === 'READING'} onClick={() => void save()}>
          {say('exportData')}
        </Button>
      </p>
      <DeleteAccount />
    </section>
  );
}
