// What the sensors on a few spots of a lot tell through their gateway: mostly what is there. One is stuck, one cannot make up its mind, one is dead.

import type { Clock } from '../../src/platform/clock.ts';
import type { CityApi } from './api.ts';

/** STUCK sees a vehicle whatever is there, FLAPPING one that is not there every few minutes, SILENT says nothing any more. */
export const SENSOR_FAULTS = ['STUCK', 'FLAPPING', 'SILENT'] as const;
export type SensorFault = (typeof SENSOR_FAULTS)[number];

export interface CitySensor {
  readonly serial: string;
  readonly spotLabel: string;
  readonly fault: SensorFault | null;
}

const REPORT = {
  name: 'reportSpots',
  document: 'mutation ($input: ReportSpotsInput!) { reportSpots(input: $input) { outcomes userErrors { code } } }',
};
const SEQUENCE_NUMBERS = 8;
/** Wrong for so many rounds, then right for as many: long enough that nobody takes it for two sensors that are not equally quick. */
const FLAPS_AFTER = 4;

/** Gives each fault to one sensor; each on a spot of its own, the flapping one beside another that is right. */
export function withFaults(sensors: readonly Omit<CitySensor, 'fault'>[]): CitySensor[] {
  const perSpot = Map.groupBy(sensors, ({ spotLabel }) => spotLabel);
  const paired = [...perSpot.values()].find(({ length }) => length > 1)?.at(-1);
  const [stuck, silent] = [...perSpot.values()].filter(({ length }) => length === 1).map(([only]) => only);
  const faults = new Map([
    [paired, 'FLAPPING' as const],
    [stuck, 'STUCK' as const],
    [silent, 'SILENT' as const],
  ]);
  return sensors.map((sensor) => ({ ...sensor, fault: faults.get(sensor) ?? null }));
}

/** The sensors of one lot behind their gateway. */
export class LotSensors {
  private readonly api: CityApi;
  private readonly gatewayKey: string;
  private readonly clock: Clock;
  private readonly sensors: readonly CitySensor[];
  private readonly taken = new Set<string>();
  private readonly told = new Map<string, { occupied: boolean; sinceMs: number; sequence: number }>();
  private round = 0;

  constructor(
    { api, gatewayKey, clock }: { api: CityApi; gatewayKey: string; clock: Clock },
    sensors: readonly CitySensor[],
  ) {
    this.api = api;
    this.gatewayKey = gatewayKey;
    this.clock = clock;
    this.sensors = sensors;
  }

  /** A vehicle was sent to a spot, or has left it. */
  note(spotLabel: string, occupied: boolean): void {
    if (occupied) this.taken.add(spotLabel);
    else this.taken.delete(spotLabel);
  }

  /** Each sensor that is alive says what it sees: a change, or that nothing has. Throws when the gateway is refused. */
  async tell(): Promise<void> {
    this.round += 1;
    const reports = this.sensors.filter(({ fault }) => fault !== 'SILENT').map((sensor) => this.reportOf(sensor));
    if (reports.length === 0) return;
    const { reportSpots } = await this.api.call<{ reportSpots: { userErrors: { code: string }[] } }>(
      REPORT,
      { input: { reports } },
      this.gatewayKey,
    );
    const [refused] = reportSpots.userErrors;
    if (refused) throw new Error(`the sensors are refused: ${refused.code}`);
  }

  private reportOf(sensor: CitySensor) {
    const observedAt = this.clock.now();
    const before = this.told.get(sensor.serial);
    const occupied = this.sees(sensor);
    const sequence = ((before?.sequence ?? -1) + 1) % SEQUENCE_NUMBERS;
    const hasChanged = before !== undefined && before.occupied !== occupied;
    const sinceMs = before === undefined || hasChanged ? observedAt.getTime() : before.sinceMs;
    this.told.set(sensor.serial, { occupied, sinceMs, sequence });
    const lasted = hasChanged
      ? { secondsInPreviousState: Math.round((observedAt.getTime() - before.sinceMs) / 1000) }
      : {};
    return { serial: sensor.serial, occupied, sequence, observedAt, ...lasted };
  }

  private sees({ fault, spotLabel }: CitySensor): boolean {
    if (fault === 'STUCK') return true;
    if (fault === 'FLAPPING' && Math.floor(this.round / FLAPS_AFTER) % 2 === 0) return !this.taken.has(spotLabel);
    return this.taken.has(spotLabel);
  }
}
