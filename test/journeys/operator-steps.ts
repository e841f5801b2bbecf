// What operators do with their lots, over HTTP.

import { randomUUID } from 'node:crypto';
import type { TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeDriver } from '../support/world.ts';

const PROBLEMS = `userErrors { __typename code field message ... on TariffInvalid { problems { rule path message } } ... on PolicyInvalid { problems { path message } } ... on SpotsInUse { claims { spotId label period { startsAt endsAt } } } }`;
export const DOCUMENTS = {
  createLot: `mutation ($input: CreateLotInput!) { createLot(input: $input) { lot { id code name timeZone currency state policy { graceMinutes noShow { fee } } openingHours { alwaysOpen windows { day opens closes } } } ${PROBLEMS} } }`,
  updateLot: `mutation ($input: UpdateLotInput!) { updateLot(input: $input) { lot { id name state policy { graceMinutes holdMinutes noShow { fee percent } } openingHours { alwaysOpen windows { day opens closes } } location { latitude } } ${PROBLEMS} } }`,
  addLevel: `mutation ($input: AddLevelInput!) { addLevel(input: $input) { level { id name ordinal } ${PROBLEMS} } }`,
  addSpots: `mutation ($input: AddSpotsInput!) { addSpots(input: $input) { spots { id label spotType distanceRank inService directions } ${PROBLEMS} } }`,
  closeSpots: `mutation ($input: CloseSpotsInput!) { closeSpots(input: $input) { spots { label inService } ${PROBLEMS} } }`,
  openSpots: `mutation ($input: OpenSpotsInput!) { openSpots(input: $input) { spots { label inService } ${PROBLEMS} } }`,
  publishTariff: `mutation ($input: PublishTariffInput!) { publishTariff(input: $input) { tariff { id versionNumber currency graceMinutes document } ${PROBLEMS} } }`,
  registerGate: `mutation ($input: RegisterGateInput!) { registerGate(input: $input) { gate { id name direction inService } ${PROBLEMS} } }`,
  updateGate: `mutation ($input: UpdateGateInput!) { updateGate(input: $input) { gate { id name direction inService } ${PROBLEMS} } }`,
  issueDeviceKey: `mutation ($input: IssueDeviceKeyInput!) { issueDeviceKey(input: $input) { key device { id name role gateId lotId } ${PROBLEMS} } }`,
  revokeDeviceKey: `mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { id revokedAt } ${PROBLEMS} } }`,
  createOperator: `mutation ($input: CreateOperatorInput!) { createOperator(input: $input) { operator { id name legalName taxNumber createdAt } ${PROBLEMS} } }`,
  inviteStaff: `mutation ($input: InviteStaffInput!) { inviteStaff(input: $input) { oneTimePassword staff { id email role lotIds operatorId } ${PROBLEMS} } }`,
};
export type Verb = keyof typeof DOCUMENTS;
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { login { accessToken } userErrors { code } } }`;
export const TARIFF = {
  grace: { minutes: 10, kind: 'ABSORBED' },
  ...plainRates({ blockMinutes: 60, minor: 300, dayMinor: 2000 }),
};

let made = 0;
export const newCode = () => `NEW${++made}`;
export const codesOf = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);
export const newLot = (input: Record<string, unknown> = {}) => ({
  code: newCode(),
  name: 'Harbour',
  address: 'Kaivopuisto 1',
  location: { latitude: 60.15, longitude: 24.95 },
  country: 'FI',
  timeZone: 'Europe/Helsinki',
  currency: 'EUR',
  tariff: TARIFF,
  ...input,
});

/** `operator` is the token that is used when none is given. */
export function operatorSteps(system: () => TestSystem, operator: () => string) {
  const run = async (verb: Verb, input: Record<string, unknown>, token = operator()) => {
    const { data, errors } = await system().client(token).query(DOCUMENTS[verb], { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return data[verb];
  };
  /** What the operator's mutations may change, counted. */
  const everything = async () => {
    const tables = ['operator', 'lot', 'pool', 'level', 'spot', 'tariff', 'gate', 'device', 'staff'];
    const em = system().platform.orm.em.fork();
    const counts = await Promise.all(
      tables.map((table) =>
        em.execute(
          `SELECT count(*)::int AS rows, md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS content FROM ${table} t`,
        ),
      ),
    );
    return JSON.stringify(counts);
  };
  /** A new driver reserves any spot of the lot, from an hour on. */
  const reserve = async (lotId: string): Promise<any> => {
    const { token } = await makeDriver(system());
    const startsAt = new Date(system().clock.now().getTime() + 3_600_000);
    const period = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 7_200_000).toISOString() };
    const input = {
      idempotencyKey: randomUUID(),
      lotId,
      period,
      vehicle: { plate: { text: `R ${randomUUID().slice(0, 6)}`, vehicleClass: 'CAR' } },
    };
    const { data, errors } = await system()
      .client(token)
      .query(
        `mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { reservation { id period { startsAt endsAt } } userErrors { code } } }`,
        { input },
      );
    if (errors) throw new Error(JSON.stringify(errors));
    return data['reserveSpot'];
  };
  return { run, everything, reserve };
}
