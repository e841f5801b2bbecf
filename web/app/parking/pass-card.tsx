import { Button } from '../../design/button.tsx';
import { formatPeriod } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { download } from '../frame/download.ts';
import { nowMs } from '../../data/now.ts';
import { calendarFile } from './calendar.ts';
import { usePassText } from './moment-code.ts';
import { Qr } from '../../design/qr.tsx';
import type { Reservation } from './reservation-view.tsx';

/** What opens the gate, at the entry and at the exit: the plate by itself, else the QR, else the code. */
export function PassCard({ reservation, pass }: { reservation: Reservation; pass: string }) {
  const { say, locale } = useApp();
  const { code, plate, spot, lot, period, passMoment } = reservation;
  const text = usePassText(pass, passMoment);
  const saveCalendar = () =>
    download(calendarFile(reservation, say('calendarTitle', { lot: lot.name }), new Date(nowMs())), {
      name: `${code}.ics`,
      type: 'text/calendar',
    });
  return (
    <section class="card stack pass" aria-labelledby="pass">
      <h2 id="pass">{say('pass')}</h2>
      {text !== undefined && <Qr text={text} label={say('qrLabel', { code })} />}
      <p class="figure code">{code}</p>
      <p class="plate large">{plate}</p>
      <dl class="facts">
        <div>
          <dt>{say('spot')}</dt>
          <dd class="large">{spot.label}</dd>
        </div>
        <div>
          <dt>{say('level')}</dt>
          <dd>{spot.level.name}</dd>
        </div>
        <div class="print-only">
          <dt>{say('period')}</dt>
          <dd>{formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: lot.timeZone })}</dd>
        </div>
      </dl>
      {spot.directions != null && <p>{spot.directions}</p>}
      <p class="quiet">{say('passHint')}</p>
      <div class="row-of no-print">
        <Button onClick={() => print()}>{say('print')}</Button>
        <Button onClick={saveCalendar}>{say('calendar')}</Button>
      </div>
    </section>
  );
}
