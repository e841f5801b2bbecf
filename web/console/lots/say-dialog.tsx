import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Choice } from '../../design/field.tsx';
import {
  ConsoleEndSpotOverrideDocument,
  ConsoleOverrideSpotDocument,
  type SpotSight,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { ReasonDialog } from '../frame/reason-dialog.tsx';

const SIGHTS = ['FREE', 'OCCUPIED', 'UNKNOWN'] as const satisfies readonly SpotSight[];
const HOURS = [1, 8, 24, 168];

/** SIGHT: a person says what is on the spot. NOTHING: what a person said counts no more. */
export type Said = 'SIGHT' | 'NOTHING';

interface Props {
  readonly spot: { readonly id: string; readonly label: string };
  readonly said: Said;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What a person says of a spot, over its sensors, or no more. */
export function SayDialog({ spot, said, ...ends }: Props) {
  return said === 'SIGHT' ? <SayWhat {...{ spot, ...ends }} /> : <SayNoMore {...{ spot, ...ends }} />;
}

type Ends = Omit<Props, 'said'>;

function SayWhat({ spot, onClose, onDone }: Ends) {
  const { say } = useConsole();
  const [sight, setSight] = useState<SpotSight>('OCCUPIED');
  const [hours, setHours] = useState(1);
  const [state, override] = useDo(ConsoleOverrideSpotDocument);
  return (
    <ReasonDialog
      {...{ name: `sight.${spot.id}`, title: say('saySpotTitle', { label: spot.label }), action: say('saySpot') }}
      {...{ state, onClose, onDone }}
      act={async ({ reason }) =>
        (await override({ input: { spotId: spot.id, sight, minutes: hours * 60, reason } }))?.overrideSpot
      }
    >
      <p>{say('saySpotHint')}</p>
      <Choice
        label={say('sightLabel')}
        value={sight}
        options={SIGHTS.map((value) => ({ value, text: say(`sight_${value}`) }))}
        onChange={({ currentTarget }) => setSight(currentTarget.value as SpotSight)}
      />
      <Choice
        label={say('countsFor')}
        value={String(hours)}
        options={HOURS.map((count) => ({ value: String(count), text: say('hoursLong', { hours: count }) }))}
        onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}
      />
    </ReasonDialog>
  );
}

function SayNoMore({ spot, onClose, onDone }: Ends) {
  const { say } = useConsole();
  const [state, end] = useDo(ConsoleEndSpotOverrideDocument);
  return (
    <ReasonDialog
      {...{ name: `sight.${spot.id}`, title: say('endOverrideTitle', { label: spot.label }) }}
      {...{ action: say('endOverride'), state, onClose, onDone }}
      act={async ({ reason }) => (await end({ input: { spotId: spot.id, reason } }))?.endSpotOverride}
    />
  );
}
