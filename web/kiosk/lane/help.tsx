import { useState } from 'preact/hooks';
import { Dialog } from '../../design/dialog.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { KioskHelpDocument, type HelpReason } from '../../generated/graphql.ts';
import { ask, type Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { Icon } from './icon.tsx';
import { StillThere, USUAL_MS, WAITING_MS } from './idle.tsx';

type Call = 'NOT_YET' | 'CALLING' | 'CALLED' | 'AWAY';

/** Always at the same place, in every state: one press opens it and calls the staff, a second one closes it. */
export function Help({ place, reason }: { place: Place; reason: HelpReason }) {
  const { say } = useKiosk();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="help" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon word="CALL" />
        {say('help')}
      </button>
      {isOpen && <HelpDialog place={place} reason={reason} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Calls the staff to this gate, and says what to do where that can't be done. */
export function HelpDialog(props: { place: Place; reason: HelpReason; onClose: () => void }) {
  const { place, reason, onClose } = props;
  const { say } = useKiosk();
  const [call, setCall] = useState<Call>('NOT_YET');
  const callNow = async () => {
    setCall('CALLING');
    try {
      const { callAttendant } = await ask(KioskHelpDocument, { input: { gateId: place.gateId, reason } }, place.key);
      setCall(callAttendant.userErrors.length === 0 ? 'CALLED' : 'AWAY');
    } catch {
      setCall('AWAY');
    }
  };
  return (
    <Dialog title={say(reason === 'LOST_TICKET' ? 'lostTicket' : 'helpTitle')} onClose={onClose}>
      {reason === 'LOST_TICKET' && <p>{say('lostTicketHow')}</p>}
      {call === 'NOT_YET' && (
        <button type="button" class="button main call-now" onClick={() => void callNow()}>
          <Icon word="CALL" /> {say('callAttendant')}
        </button>
      )}
      {call === 'CALLING' && <Waiting label={say('calling')} />}
      {call === 'CALLED' && <Notice tone="good">{say('called')}</Notice>}
      {call === 'AWAY' && <Notice tone="bad">{say('callAway')}</Notice>}
      <p class="say-this">{say('helpSay', { lot: place.lotName, gate: place.gateName })}</p>
      <p>{say('helpNobodyTrapped')}</p>
      <button type="button" class="button" onClick={onClose}>
        {say('close')}
      </button>
      <StillThere ms={call === 'CALLED' ? WAITING_MS : USUAL_MS} view={call} onIdle={onClose} />
    </Dialog>
  );
}
