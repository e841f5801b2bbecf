// The fields below the operations that have a rule of their own, and the rows that belong to somebody: how each is asked for, and who is
// served.

/** Who asks, by their place beside a lot: its own people and machines, and those of another operator. */
export const ASKERS = [
  'nobody',
  'driver',
  'other driver',
  'attendant',
  'operator',
  'other attendant',
  'other operator',
  'admin',
  'gate',
  'board',
  'other gate',
] as const;
export type Asker = (typeof ASKERS)[number];
const STAFF_OF_LOT: Asker[] = ['attendant', 'operator', 'admin'];
const OPERATORS_OF_LOT: Asker[] = ['operator', 'admin'];
const OF_DRIVER: Asker[] = ['driver'];

/** A field or row for which a rule stands, how it is asked for, and who is served. Who is not gets null or a refusal. */
export interface Ruled {
  what: string;
  document: string;
  seen: (data: any) => unknown;
  served: Asker[];
}

const lotField = (selection: string) => `query Q($lot: ID!) { lot(id: $lot) { ${selection} } }`;
export const nodeOf = (id: string, selection: string) => `query Q($${id}: ID!) { node(id: $${id}) { ${selection} } }`;
export const OF_EVENT =
  'subscription S($lot: ID!) { gateActivity(lotId: $lot) { gateId operation decision { action } } }';
export const OF_ALERT = 'subscription S($lot: ID!) { alerts(lotId: $lot) { incident { kind } } }';
export const RULED: Ruled[] = [
  {
    what: 'Lot.devices',
    document: lotField('devices { name }'),
    seen: (data) => data.lot.devices[0].name,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Spot.sensedOccupied',
    document: lotField('spots(first: 1) { nodes { sensedOccupied } }'),
    seen: (data) => data.lot.spots.nodes[0].sensedOccupied,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Driver.vehicles',
    document: nodeOf('driver', '... on Driver { vehicles { id } }'),
    seen: (data) => data.node.vehicles[0].id,
    served: OF_DRIVER,
  },
  {
    what: 'Vehicle.plate',
    document: nodeOf('vehicle', '... on Vehicle { plate }'),
    seen: (data) => data.node.plate,
    served: OF_DRIVER,
  },
  {
    what: 'Lot.report',
    document: lotField('report(from: "2026-11-01", through: "2026-11-02") { spots }'),
    seen: (data) => data.lot.report.spots,
    served: OPERATORS_OF_LOT,
  },
  {
    what: 'Lot.staff',
    document: lotField('staff { name }'),
    seen: (data) => data.lot.staff[0].name,
    served: OPERATORS_OF_LOT,
  },
  {
    what: 'Lot.tariffs',
    document: lotField('tariffs { nodes { versionNumber } }'),
    seen: (data) => data.lot.tariffs.nodes[0].versionNumber,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.repricings',
    document: lotField('repricings { state }'),
    seen: (data) => data.lot.repricings[0].state,
    served: STAFF_OF_LOT,
  },
  {
    what: 'a repricing',
    document: nodeOf('repricing', '... on Repricing { staysTotal }'),
    seen: (data) => data.node.staysTotal,
    served: STAFF_OF_LOT,
  },
  {
    what: 'a device',
    document: nodeOf('device', 'id'),
    seen: (data) => data.node.id,
    served: [...STAFF_OF_LOT, 'gate'],
  },
  {
    what: 'a reservation',
    document: nodeOf('reservation', '... on Reservation { code plate }'),
    seen: (data) => data.node.plate,
    served: [...OF_DRIVER, ...STAFF_OF_LOT],
  },
  {
    what: 'the pass of a reservation',
    document: nodeOf('reservation', '... on Reservation { pass }'),
    seen: (data) => data.node.pass,
    served: OF_DRIVER,
  },
  {
    what: 'the payment of a reservation',
    document: nodeOf('reservation', '... on Reservation { payment { captured { amountMinor } } }'),
    seen: (data) => data.node.payment.captured.amountMinor,
    served: [...OF_DRIVER, ...STAFF_OF_LOT],
  },
  {
    what: 'a payment',
    document: nodeOf('payment', '... on Payment { state }'),
    seen: (data) => data.node.state,
    served: [...OF_DRIVER, ...STAFF_OF_LOT],
  },
  {
    what: 'the reservation as it changes',
    document: 'subscription S($reservation: ID!) { reservation(id: $reservation) { id } }',
    seen: (data) => data.reservation.id,
    served: [...OF_DRIVER, ...STAFF_OF_LOT],
  },
  {
    what: 'GateEvent.gateId, GateEvent.operation, GateEvent.decision',
    document: OF_EVENT,
    seen: (data) => data.gateActivity.decision.action,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.incidents',
    document: lotField('incidents { nodes { kind } }'),
    seen: (data) => data.lot.incidents.nodes[0].kind,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.auditTrail',
    document: lotField('auditTrail { nodes { act } }'),
    seen: (data) => data.lot.auditTrail.nodes[0].act,
    served: ['operator', 'admin'],
  },
  {
    what: 'an incident',
    document: nodeOf('incident', '... on Incident { kind }'),
    seen: (data) => data.node.kind,
    served: STAFF_OF_LOT,
  },
  {
    what: 'incidents as they are raised',
    document: OF_ALERT,
    seen: (data) => data.alerts.incident.kind,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Spot.sensors',
    document: lotField('spots(first: 1) { nodes { sensors { serial } } }'),
    seen: (data) => data.lot.spots.nodes[0].sensors[0].serial,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Spot.override',
    document: lotField('spots(first: 1) { nodes { override { sight } } }'),
    seen: (data) => data.lot.spots.nodes[0].override.sight,
    served: STAFF_OF_LOT,
  },
  {
    what: 'a sensor',
    document: nodeOf('sensor', '... on Sensor { serial }'),
    seen: (data) => data.node.serial,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.today',
    document: lotField('today { openIncidents }'),
    seen: (data) => String(data.lot.today.openIncidents),
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.takings',
    document: lotField('takings { today { currency } }'),
    seen: (data) => data.lot.takings.today.currency,
    served: ['operator', 'admin'],
  },
  {
    what: 'Lot.reservations',
    document: lotField('reservations { nodes { code } }'),
    seen: (data) => data.lot.reservations.nodes[0].code,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Lot.scans',
    document: lotField('scans(first: 1) { operation }'),
    seen: (data) => data.lot.scans,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Spot.state',
    document: lotField('spots(first: 1) { nodes { state } }'),
    seen: (data) => data.lot.spots.nodes[0].state,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Spot.reservation',
    document: lotField('spots(first: 1) { nodes { reservation { code } state } }'),
    seen: (data) => data.lot.spots.nodes[0].state,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Reservation.timeline',
    document: nodeOf('reservation', '... on Reservation { timeline { kind } }'),
    seen: (data) => data.node.timeline[0]?.kind,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Reservation.stay',
    document: nodeOf('reservation', '... on Reservation { stay { id } timeline { kind } }'),
    seen: (data) => data.node.timeline[0]?.kind,
    served: STAFF_OF_LOT,
  },
  {
    what: 'Overview.takings',
    document: 'query Q { overview { takings { today { currency } } } }',
    seen: (data) => data.overview.takings,
    served: ['operator', 'other operator', 'admin'],
  },
];
