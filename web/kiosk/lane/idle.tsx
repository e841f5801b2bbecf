import { useEffect, useState } from 'preact/hooks';
import { useKiosk } from '../kiosk-context.ts';
import type { Asked } from './use-lane.ts';

/** Who was let through has gone; the screen is the next driver's. */
const OPEN_MS = 20_000;
/** Somebody pays on their phone, looks for their wallet, or waits for an attendant: for as long as that takes. */
export const WAITING_MS = 10 * 60_000;
export const USUAL_MS = 60_000;
/** So long before the screen begins anew it asks. */
const ASK_AHEAD_MS = 20_000;

/** How long this may stand on the screen without a touch; undefined: for ever. */
export function idleMs(
  asked: Asked | undefined,
  of: { isTyping: boolean; isOwnLanguage: boolean },
): number | undefined {
  if (of.isTyping) return USUAL_MS;
  if (asked === undefined) return of.isOwnLanguage ? undefined : USUAL_MS;
  if (asked.decision?.action === 'OPEN') return OPEN_MS;
  return asked.decision?.reason === 'PAYMENT_DUE' ? WAITING_MS : USUAL_MS;
}

/**
 * Begins anew when nobody has touched the screen for so long; `view` is what the time counts for. Asks first, except where the
 * driver has been let through.
 */
export function StillThere({ ms, view, onIdle }: { ms: number | undefined; view: string; onIdle: () => void }) {
  const { say } = useKiosk();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (ms === undefined) return;
    let timers: ReturnType<typeof setTimeout>[] = [];
    const begin = () => {
      stop();
      const asks = ms > OPEN_MS ? [setTimeout(() => setAsking(true), ms - ASK_AHEAD_MS)] : [];
      timers = [...asks, setTimeout(onIdle, ms)];
    };
    const stop = () => {
      setAsking(false);
      timers.forEach((timer) => clearTimeout(timer));
    };
    begin();
    addEventListener('pointerdown', begin);
    addEventListener('keydown', begin);
    return () => {
      stop();
      removeEventListener('pointerdown', begin);
      removeEventListener('keydown', begin);
    };
  }, [ms, view]);
  if (!isAsking) return null;
  return (
    <div class="still-there" role="alert">
      <p>{say('stillThere')}</p>
      <button type="button" class="button main" onClick={() => setAsking(false)}>
        {say('yesStill')}
      </button>
    </div>
  );
}
