import { useState } from 'preact/hooks';
import { Demo } from './demo/demo.tsx';
import { keepPlace, keptPlace, type Place } from './door.ts';
import { LaneView } from './lane/lane-view.tsx';
import { PayView } from './pay/pay-view.tsx';
import { SetUp } from './set-up.tsx';

/** /kiosk at a gate, /kiosk/demo for anyone without one, /kiosk/pay/<stay> on the driver's own phone. */
export function Kiosk() {
  const [, , view, id] = location.pathname.split('/');
  const [place, setPlace] = useState<Place | undefined>(keptPlace);
  if (view === 'pay' && id !== undefined) return <PayView stayId={decodeURIComponent(id)} />;
  const keep = (next: Place | undefined) => {
    keepPlace(next);
    setPlace(next);
  };
  if (view === 'demo') return <Demo />;
  if (place === undefined) return <SetUp onDone={keep} />;
  return <LaneView place={place} />;
}
