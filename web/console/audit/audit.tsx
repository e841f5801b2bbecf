import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice } from '../../design/field.tsx';
import { Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import { ConsoleAuditDocument, type ConsoleAuditQuery, type StaffAct } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { More } from '../frame/pages.tsx';
import { Problem } from '../frame/problem.tsx';
import { go, usePlace, withQuery } from '../frame/router.ts';
import { usePages } from '../frame/use-pages.ts';
import { saveCsv, type Table } from '../reports/csv.ts';
import { tell } from './texts.ts';

const PAGE = 50;
const ACTS = [
  'INCIDENT_RESOLVED',
  'RESERVATION_CANCELLED',
  'SPOT_OVERRIDDEN',
  'SPOT_OVERRIDE_ENDED',
  'STAY_MARKED_LEFT',
  'VEHICLE_MARKED_INSIDE',
  'INSIDE_LIST_PRINTED',
  'WATCH_ADDED',
  'WATCH_ENDED',
  'WATCH_LIST_READ',
] as const satisfies readonly StaffAct[];

type Trail = NonNullable<ConsoleAuditQuery['lot']>['auditTrail'];
type Entry = Trail['edges'][number]['node'] & { readonly id: string };

/** What was done by hand in the lot, by whom and why. */
export default function Audit() {
  const { locale } = useConsole();
  const { id: lot, code, timeZone } = useLot();
  const { query } = usePlace();
  const act = ACTS.find((known) => known === query.get('act'));
  const pages = usePages<Entry>([lot, act].join());
  const [{ data, error, fetching }, again] = useAsk(ConsoleAuditDocument, {
    ...{ lot, first: PAGE, after: pages.after },
    acts: act === undefined ? null : [act],
  });
  const page = fetching ? undefined : pageOf(data?.lot?.auditTrail);
  const rows = pages.rows(page);
  const table = {
    columns: [tell('when'), tell('who'), tell('act'), tell('why')],
    rows: rows.map(({ act: done, createdAt, reason, by }) => [
      { shown: formatDayAndClock(createdAt, { locale, timeZone }), plain: createdAt },
      ...[by?.name ?? tell('gone'), tell(`act_${done}`), reason].map((shown) => ({ shown, plain: shown })),
    ]),
  };
  return (
    <>
      <Heading title={tell('title')}>
        <Button disabled={rows.length === 0} onClick={() => saveCsv(`${code}-audit`, table)}>
          {tell('csv')}
        </Button>
      </Heading>
      <div class="filters">
        <Choice
          label={tell('act')}
          value={act ?? ''}
          options={[
            { value: '', text: tell('anyAct') },
            ...ACTS.map((value) => ({ value, text: tell(`act_${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            go(withQuery({ act: value === '' ? null : value }), { replace: true })
          }
        />
      </div>
      {error && <Problem error={error} onRetry={again} />}
      {fetching && <Waiting label={tell('loading')} />}
      {page && rows.length === 0 && <p class="card">{tell('empty')}</p>}
      {rows.length > 0 && <Rows ids={rows.map(({ id }) => id)} table={table} />}
      <More
        hasMore={page?.pageInfo.hasNextPage === true}
        isBusy={fetching}
        shown={rows.length}
        onMore={() => pages.onMore(page)}
      />
    </>
  );
}

function Rows({ ids, table }: { ids: readonly string[]; table: Table }) {
  return (
    <div class="table-frame card" role="region" aria-label={tell('title')} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={ids[at]}>
              {row.map(({ shown }, column) => (
                <td key={column}>{shown}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Entries have no id of their own: their place in the list is one. */
function pageOf(trail: Trail | undefined) {
  return trail && { nodes: trail.edges.map(({ cursor, node }) => ({ ...node, id: cursor })), pageInfo: trail.pageInfo };
}
