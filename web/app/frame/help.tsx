import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { useApp } from './app-context.ts';
import { copyOf } from './offline.ts';
import { usePlace } from './router.ts';
import type { AppReservationFragment } from '../../generated/graphql.ts';

/** Help is one press away in every view, always at the same place. */
export function HelpButton() {
  const { say } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="help" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {say('help')}
      </button>
      {isOpen && <Help onClose={() => setOpen(false)} />}
    </>
  );
}

/** What an attendant asks first, in large letters: code, plate and spot of the reservation that is shown. */
function Help({ onClose }: { onClose: () => void }) {
  const { say } = useApp();
  const { parts } = usePlace();
  const shown = parts[0] === 'parking' && parts[1] ? copyOf<AppReservationFragment>(parts[1])?.value : undefined;
  return (
    <Dialog title={say('helpTitle')} onClose={onClose}>
      <p>{say('helpAtGate')}</p>
      {shown && (
        <dl class="facts">
          <div>
            <dt>{say('code')}</dt>
            <dd class="large">{shown.code}</dd>
          </div>
          <div>
            <dt>{say('plate')}</dt>
            <dd class="large">{shown.plate}</dd>
          </div>
          <div>
            <dt>{say('spot')}</dt>
            <dd class="large">{shown.spot.label}</dd>
          </div>
        </dl>
      )}
      <p>{say('helpNobodyTrapped')}</p>
      <Button onClick={onClose}>{say('close')}</Button>
    </Dialog>
  );
}
