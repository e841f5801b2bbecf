import type { SpotReport } from '../../src/sensors/report-spots.ts';
import { findStrangers } from '../../src/sensors/find-strangers.ts';
import { sweepSpots } from '../../src/sensors/sweep-spots.ts';
import type { TestSystem } from '../support/system.ts';
import { makeDevice, type TestLot, type TestSpot } from '../support/world.ts';

const REGISTER = `mutation ($input: RegisterSensorInput!) { registerSensor(input: $input) { sensor { id serial isSilent } userErrors { code field } } }`;
const REMOVE = `mutation ($input: RemoveSensorInput!) { removeSensor(input: $input) { sensor { id } userErrors { code } } }`;
const REPORT = `mutation ($input: ReportSpotsInput!) { reportSpots(input: $input) { outcomes userErrors { code field message } } }`;
const OVERRIDE = `mutation ($input: OverrideSpotInput!) { overrideSpot(input: $input) { spot { sensedOccupied override { sight reason } } userErrors { code field } } }`;
const END_OVERRIDE = `mutation ($input: EndSpotOverrideInput!) { endSpotOverride(input: $input) { spot { sensedOccupied override { sight } } userErrors { code } } }`;
const SPOTS = `query ($lot: ID!) { lot(id: $lot) { spots(first: 100) { nodes {
  label sensedOccupied override { sight } sensors { serial occupied isSilent batteryPercent lostTotal } } } } }`;

export const HEARTBEAT_MINUTES = 60;

export interface ShownSpot {
  label: string;
  sensedOccupied: boolean | null;
  override: { sight: string } | null;
  sensors: { serial: string; occupied: boolean | null; isSilent: boolean; lostTotal: number }[];
}

/** Sensors of one lot, and their gateway. */
export class Sensors {
  private readonly system: TestSystem;
  private readonly lot: TestLot;
  private readonly gateway: string;
  private readonly sequences = new Map<string, number>();

  private constructor(system: TestSystem, lot: TestLot, gateway: string) {
    this.system = system;
    this.lot = lot;
    this.gateway = gateway;
  }

  /** One on each spot named `<label>/<number>`, unless told otherwise. */
  static async at(system: TestSystem, lot: TestLot, perSpot = 1): Promise<Sensors> {
    const made = { lotId: lot.id, gateId: null, role: 'SENSOR' as const, name: 'Gateway' };
    const { deviceKey } = await makeDevice(system, made);
    const sensors = new Sensors(system, lot, deviceKey);
    for (const spot of lot.spots)
      for (let number = 1; number <= perSpot; number++) await sensors.register(spot, `${spot.label}/${number}`);
    return sensors;
  }

  async register(spot: TestSpot, serial: string): Promise<any> {
    const input = { spotId: spot.publicId, serial, heartbeatMinutes: HEARTBEAT_MINUTES };
    const token = await this.lot.staffToken('OPERATOR');
    return (await this.system.client(token).query(REGISTER, { input })).data['registerSensor'];
  }

  async remove(sensorId: string): Promise<any> {
    const token = await this.lot.staffToken('OPERATOR');
    return (await this.system.client(token).query(REMOVE, { input: { sensorId } })).data['removeSensor'];
  }

  /** The reports as they are. */
  async send(
    reports: readonly SpotReport[],
    token = this.gateway,
  ): Promise<{ outcomes: string[] | null; userErrors: any[] }> {
    const { data, errors } = await this.system.client(token).query(REPORT, { input: { reports } });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['reportSpots'];
  }

  /** A sensor whose spot was taken or left just now, after `seconds` in the other state. */
  change(serial: string, occupied: boolean, seconds = 3600): SpotReport {
    return { ...this.heartbeat(serial, occupied), secondsInPreviousState: seconds };
  }

  heartbeat(serial: string, occupied: boolean): SpotReport {
    const sequence = (this.sequences.get(serial) ?? 0) % 8;
    this.sequences.set(serial, sequence + 1);
    return { serial, occupied, sequence, observedAt: this.system.clock.now() };
  }

  async override(
    spot: TestSpot,
    said: { sight: string; minutes?: number; reason?: string },
    token?: string,
  ): Promise<any> {
    const input = { spotId: spot.publicId, minutes: 30, reason: 'I stand before it', ...said };
    const client = this.system.client(token ?? (await this.lot.staffToken('ATTENDANT')));
    return (await client.query(OVERRIDE, { input })).data['overrideSpot'];
  }

  async endOverride(spot: TestSpot): Promise<any> {
    const client = this.system.client(await this.lot.staffToken('ATTENDANT'));
    const input = { spotId: spot.publicId, reason: 'It moved' };
    return (await client.query(END_OVERRIDE, { input })).data['endSpotOverride'];
  }

  async spots(): Promise<ShownSpot[]> {
    const token = await this.lot.staffToken('ATTENDANT');
    const { data, errors } = await this.system.client(token).query(SPOTS, { lot: this.lot.publicId });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['lot'].spots.nodes;
  }

  async spot(index = 0): Promise<ShownSpot> {
    return (await this.spots())[index]!;
  }

  /** Time passes, and the worker looks around. */
  async later(minutes: number): Promise<void> {
    this.system.clock.runFrom(new Date(this.system.clock.now().getTime() + minutes * 60_000));
    await sweepSpots(this.system.platform);
    await findStrangers(this.system.platform);
  }
}
