import { Heading } from '../frame/heading.tsx';
import { useConsole } from '../frame/console-context.ts';
import { useLot } from '../frame/lot.ts';
import { Caller } from './caller.tsx';
import { Gates } from './gates.tsx';
import { Incidents } from './incidents.tsx';
import { Scans, useScans } from './scans.tsx';

/** What happens at the gates of a lot as it happens, and what a person should look at. */
export default function Lanes() {
  const { say } = useConsole();
  const lot = useLot();
  const scans = useScans(lot.id);
  return (
    <>
      <Heading title={say('nav_lanes')} />
      <div class="two">
        <Incidents lot={lot} />
        <div class="stack">
          <Caller lot={lot} />
          <Gates {...{ lot, scans: scans.rows }} />
          <Scans {...{ lot, scans }} />
        </div>
      </div>
    </>
  );
}
