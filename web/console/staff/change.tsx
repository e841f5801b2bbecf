import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import {
  ConsoleDisableStaffDocument,
  ConsoleUpdateStaffDocument,
  type ConsoleColleagueFragment,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { RoleAndLots, type Duty } from './role-and-lots.tsx';
import { tell } from './texts.ts';

interface Props {
  readonly of: ConsoleColleagueFragment;
  /** With what is to be said of it. */
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}

/** Another role, other lots. */
export function ChangeDialog({ of: { id, name, role, lotIds }, onDone, onClose }: Props) {
  const { say } = useConsole();
  const { id: lotId } = useLot();
  const [duty, setDuty] = useState<Duty>({ role, lots: lotsOf(lotIds) });
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, update] = useDo(ConsoleUpdateStaffDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const lots = { ALL: {}, ONE: { lotIds: [lotId] }, SAME: { lotIds: [...(lotIds ?? [])] } }[duty.lots];
    const payload = (await update({ input: { staffId: id, role: duty.role, ...lots } }))?.updateStaff;
    setRefused(payload?.userErrors[0]);
    if (payload?.staff) onDone(tell('changed', { name }));
  };
  return (
    <Dialog title={tell('changeTitle', { name })} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <RoleAndLots
          {...{ duty, severalLots: (lotIds?.length ?? 0) > 1 ? lotIds?.length : undefined }}
          onDuty={setDuty}
        />
        <p class="quiet">{tell('signsInAgain')}</p>
        {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
        {error && !fetching && <Problem error={error} />}
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={fetching}>
            {tell('save')}
          </Button>
          <Button onClick={onClose}>{tell('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function lotsOf(lotIds: readonly string[] | null | undefined): Duty['lots'] {
  if (lotIds == null) return 'ALL';
  return lotIds.length > 1 ? 'SAME' : 'ONE';
}

/** Closes somebody's account, after asking. */
export function LetGoDialog({ of: { id, name }, onDone, onClose }: Props) {
  const { say } = useConsole();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, disable] = useDo(ConsoleDisableStaffDocument);
  const confirm = async () => {
    const payload = (await disable({ input: { staffId: id } }))?.disableStaff;
    setRefused(payload?.userErrors[0]);
    if (payload?.staff) onDone(tell('gone', { name }));
  };
  return (
    <Dialog title={tell('letGoTitle', { name })} onClose={onClose}>
      <p>{tell('letGoSays')}</p>
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !fetching && <Problem error={error} />}
      <div class="row-of">
        <Button kind="danger" isBusy={fetching} onClick={() => void confirm()}>
          {tell('letGo')}
        </Button>
        <Button onClick={onClose}>{tell('goBack')}</Button>
      </div>
    </Dialog>
  );
}
