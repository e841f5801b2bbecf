import { formatAmount } from '../../format/money.ts';
import { formatPeriod } from '../../format/time.ts';
import type { ListedReservationFragment, ReservationState } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { addressOf } from '../frame/router.ts';

const TONES: Readonly<Partial<Record<ReservationState, string>>> = {
  CONFIRMED: 'good',
  CHECKED_IN: 'good',
  HELD: 'warn',
  NO_SHOW: 'bad',
};

/** The state in a word, in a colour besides. */
export function StateBadge({ state }: { state: ReservationState }) {
  const { say } = useConsole();
  return <span class={`badge ${TONES[state] ?? ''}`}>{say(`res_${state}`)}</span>;
}

/** Reservations, a row each. */
export function ReservationTable(props: { rows: readonly ListedReservationFragment[]; withLot?: boolean }) {
  const { rows, withLot = false } = props;
  const { say, locale } = useConsole();
  return (
    <div class="table-frame card" role="region" aria-label={say('reservations')} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{say('code')}</th>
            <th scope="col">{say('state')}</th>
            <th scope="col">{say('plate')}</th>
            {withLot && <th scope="col">{say('lot')}</th>}
            <th scope="col">{say('period')}</th>
            <th scope="col">{say('spot')}</th>
            <th scope="col" class="number">
              {say('price')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, code, state, plate, lot, period, spot, price }) => (
            <tr key={id}>
              <th scope="row">
                <a href={addressOf(['reservations', id])}>{code}</a>
              </th>
              <td>
                <StateBadge state={state} />
              </td>
              <td class="mono">{plate}</td>
              {withLot && <td>{lot.name}</td>}
              <td class="when">{formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: lot.timeZone })}</td>
              <td>{spot.label}</td>
              <td class="number">{formatAmount(price.total, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
