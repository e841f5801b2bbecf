import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppChangeVehicleDocument } from '../../generated/graphql.ts';
import { isConfirmed, plainPlate, PlateEntryFields, type PlateEntry } from '../book/plate-step.tsx';
import { useApp } from '../frame/app-context.ts';
import { forgetKey, keyFor, useKept } from '../frame/kept.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import type { Reservation } from './reservation-view.tsx';

interface Props {
  readonly reservation: Reservation;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

const EMPTY: PlateEntry = { text: '', confirmed: undefined };

/** Another vehicle comes: its plate is looked at in large letters before it counts. Spot and price stay. */
export function ChangeVehicle({ reservation, onClose, onChanged }: Props) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const [entry, setEntry] = useKept<PlateEntry>(`vehicle.${reservation.id}`, () => EMPTY);
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, change] = useDo(AppChangeVehicleDocument);
  const submit = async (event: Event) => {
    event.preventDefault();
    const input = { reservationId: reservation.id, vehicle: { plate: { text: plainPlate(entry.text) } } };
    const answer = await change({ input: { ...input, idempotencyKey: keyFor('vehicle', input) } });
    if (!answer) return;
    forgetKey('vehicle');
    setRefused(answer.changeVehicle.userErrors[0]);
    if (!answer.changeVehicle.reservation) return;
    setEntry(EMPTY);
    onChanged();
  };
  return (
    <Dialog title={say('changeVehicle')} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p class="quiet">{say('changeVehicleHint', { plate: reservation.plate })}</p>
        <PlateEntryFields entry={entry} onEntry={setEntry} />
        {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
        {error && <Problem error={error} />}
        <div class="row-of">
          <Button type="submit" kind="main" isBusy={fetching} disabled={!isConfirmed(entry)}>
            {say('changeVehicleNow')}
          </Button>
          <Button onClick={onClose}>{say('keepIt')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
