import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice, Field } from '../../design/field.tsx';
import { AppAddVehicleDocument, AppRemoveVehicleDocument } from '../../generated/graphql.ts';
import { VEHICLE_CLASSES } from '../book/trip.ts';
import { useApp } from '../frame/app-context.ts';
import { useKept } from '../frame/kept.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import type { Driver } from './viewer.ts';

interface Props {
  readonly driver: Driver;
  readonly onChanged: () => void;
}

/** The vehicles of the account: offered by their plate when one reserves. */
export function Vehicles({ driver, onChanged }: Props) {
  const { say } = useApp();
  const [{ fetching, error }, remove] = useDo(AppRemoveVehicleDocument);
  const takeOff = async (vehicleId: string) => {
    await remove({ input: { vehicleId } });
    onChanged();
  };
  return (
    <section class="card stack" aria-labelledby="vehicles">
      <h2 id="vehicles">{say('vehicles')}</h2>
      {driver.vehicles.length === 0 && <p class="quiet">{say('noVehicles')}</p>}
      <ul class="list">
        {driver.vehicles.map(({ id, plate, nickname, vehicleClass }) => (
          <li class="row-of spread" key={id}>
            <span class="row-of">
              <span class="plate">{plate}</span>
              <span class="quiet">{nickname ?? say(`class_${vehicleClass}`)}</span>
            </span>
            <Button isBusy={fetching} aria-label={say('removeOf', { plate })} onClick={() => void takeOff(id)}>
              {say('remove')}
            </Button>
          </li>
        ))}
      </ul>
      {error && <Problem error={error} />}
      <AddVehicle onChanged={onChanged} />
    </section>
  );
}

const EMPTY = { plate: '', nickname: '', vehicleClass: 'CAR' };

function AddVehicle({ onChanged }: { onChanged: () => void }) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const [typed, setTyped] = useKept('vehicle', () => EMPTY);
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, add] = useDo(AppAddVehicleDocument);
  const submit = async (event: Event) => {
    event.preventDefault();
    const vehicleClass = VEHICLE_CLASSES.find((known) => known === typed.vehicleClass) ?? 'CAR';
    const nickname = typed.nickname.trim();
    const answer = await add({ input: { plate: typed.plate, vehicleClass, ...(nickname === '' ? {} : { nickname }) } });
    setRefused(answer?.addVehicle.userErrors[0]);
    if (!answer?.addVehicle.vehicle) return;
    setTyped(EMPTY);
    onChanged();
  };
  return (
    <form class="stack tight" onSubmit={(event) => void submit(event)}>
      <Field
        label={say('plate')}
        required
        maxLength={16}
        autocomplete="off"
        value={typed.plate}
        wrong={refused && refusalText(refused)}
        onInput={({ currentTarget }) => setTyped({ ...typed, plate: currentTarget.value })}
      />
      <Choice
        label={say('vehicle')}
        value={typed.vehicleClass}
        options={VEHICLE_CLASSES.map((value) => ({ value, text: say(`class_${value}`) }))}
        onChange={({ currentTarget }) => setTyped({ ...typed, vehicleClass: currentTarget.value })}
      />
      <Field
        label={say('nickname')}
        maxLength={40}
        autocomplete="off"
        value={typed.nickname}
        onInput={({ currentTarget }) => setTyped({ ...typed, nickname: currentTarget.value })}
      />
      {error && <Problem error={error} />}
      <Button type="submit" isBusy={fetching}>
        {say('addVehicle')}
      </Button>
    </form>
  );
}
