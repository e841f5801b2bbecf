/** How soon a person should look: whenever there is time, during the shift, now. */
export const INCIDENT_SEVERITIES = ['INFO', 'WARNING', 'URGENT'] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

export const INCIDENT_STATES = ['OPEN', 'RESOLVED'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** What an alert is about. */
export const ALERT_CHANGES = ['RAISED', 'RESOLVED'] as const;
export type AlertChange = (typeof ALERT_CHANGES)[number];

interface KindOfIncident {
  readonly severity: IncidentSeverity;
  /** What happened, for whoever has to act on it; names no plate. */
  readonly sentence: string;
}

/** Everything a person should look at, by kind: how urgent it usually is, and what it says. New kinds go to the end of their group. */
export const INCIDENT_KINDS = {
  // Gates
  GATE_OPENED_BY_STAFF: { severity: 'INFO', sentence: 'A gate was opened by hand.' },
  UNKNOWN_STAY: { severity: 'WARNING', sentence: 'A vehicle left that nobody had seen come in.' },
  UNSURE_STAY: { severity: 'WARNING', sentence: 'A vehicle left whose plate was only like that of one inside.' },
  EXIT_NOT_LOOKED_UP: { severity: 'WARNING', sentence: 'An exit was opened before anybody could be asked about it.' },
  ENTERED_WITHOUT_RIGHT: { severity: 'WARNING', sentence: 'A vehicle came in on a reservation that had ended.' },
  NO_SHOW_OVERTURNED: { severity: 'INFO', sentence: 'A no-show was fired while its vehicle was inside.' },
  NO_SPOT_LEFT: { severity: 'URGENT', sentence: 'A vehicle is inside and no spot is left for it.' },
  STAY_TOO_LONG: { severity: 'WARNING', sentence: 'A vehicle stayed longer than its tariff can price.' },
  JOURNAL_ENTRY_PARKED: { severity: 'WARNING', sentence: 'A decision of a gate could not be applied.' },
  CORRECTED_TOO_LATE: {
    severity: 'WARNING',
    sentence: 'A vehicle that was let in was read better afterwards, and would not have been let in.',
  },
  HELP_WANTED: { severity: 'URGENT', sentence: 'A driver at a gate calls for help.' },
  PRESENCE_CORRECTED: { severity: 'INFO', sentence: 'Who is inside was corrected by hand.' },
  // Lanes that decided alone
  JOURNAL_HOLE: { severity: 'WARNING', sentence: 'A lane sent its journal with a hole in it.' },
  JOURNAL_FORGED: { severity: 'URGENT', sentence: 'A lane sent a journal entry that it cannot have written.' },
  ENTERED_TWICE: { severity: 'WARNING', sentence: 'One pass or plate came in twice without leaving.' },
  USED_AGAIN: { severity: 'WARNING', sentence: 'A reservation was used again after its visit had ended.' },
  LEFT_WITHOUT_ENTRY: { severity: 'WARNING', sentence: 'A lane let a vehicle out that no lane had let in.' },
  LANE_SILENT: { severity: 'WARNING', sentence: 'The agent of a lot has not been heard for more than five minutes.' },
  // Hardware at lanes
  BARRIER_FAILED: { severity: 'URGENT', sentence: 'A barrier did not open when it was told to.' },
  CAMERA_CLOCK_OFF: { severity: 'WARNING', sentence: 'The clock of a camera is off by more than two minutes.' },
  STAY_CORRECTED: { severity: 'WARNING', sentence: 'The times of a visit were corrected after it had been paid.' },
  // Vehicles
  WATCHED_VEHICLE: { severity: 'URGENT', sentence: 'A vehicle on the watch list was read at a gate.' },
  TAILGATING: { severity: 'WARNING', sentence: 'More vehicles passed a gate than it was opened for.' },
  READ_WITHOUT_PASSAGE: { severity: 'WARNING', sentence: 'A gate was opened for a vehicle that did not pass.' },
  MORE_VEHICLES_THAN_STAYS: {
    severity: 'WARNING',
    sentence: 'More spots are occupied than vehicles have come in.',
  },
  // Spots and their sensors
  SPOT_TAKEN: { severity: 'URGENT', sentence: 'A vehicle stands on a spot that is promised to somebody else.' },
  WRONG_SPOT: { severity: 'INFO', sentence: 'A vehicle stands on another spot than its own.' },
  VEHICLE_WITHOUT_RIGHT: { severity: 'WARNING', sentence: 'A vehicle stands on a spot that nobody has claimed.' },
  NEXT_DRIVER_STRANDED: {
    severity: 'URGENT',
    sentence: 'The spot of an arriving driver is taken, and no other could be found.',
  },
  SENSOR_SILENT: { severity: 'WARNING', sentence: 'A sensor has not been heard for more than two heartbeats.' },
  SENSORS_DISAGREE: { severity: 'WARNING', sentence: 'The sensors of one spot contradict each other.' },
  SENSOR_BATTERY_LOW: { severity: 'INFO', sentence: 'The battery of a sensor is nearly empty.' },
  // Written by another release
  OTHER: { severity: 'WARNING', sentence: 'Something happened that a person should look at.' },
} as const satisfies Record<string, KindOfIncident>;

export type IncidentKind = keyof typeof INCIDENT_KINDS;

const KINDS: Readonly<Record<string, KindOfIncident | undefined>> = INCIDENT_KINDS;

/** How urgent a kind usually is. A journal of an earlier release may name a kind that is gone: WARNING. */
export function usualSeverity(kind: string): IncidentSeverity {
  return KINDS[kind]?.severity ?? INCIDENT_KINDS.OTHER.severity;
}

/** The kind as this release knows it. */
export function knownKind(kind: string): IncidentKind {
  const isKnown = (text: string): text is IncidentKind => Object.hasOwn(INCIDENT_KINDS, text);
  return isKnown(kind) ? kind : 'OTHER';
}

/** What happened, in a sentence that names no plate. */
export function incidentSentence(kind: string): string {
  return KINDS[kind]?.sentence ?? INCIDENT_KINDS.OTHER.sentence;
}

/** Why a driver at a gate calls: anything, a ticket that is lost, or paying that does not work. */
export const HELP_REASONS = ['HELP', 'LOST_TICKET', 'PAYING'] as const;
export type HelpReason = (typeof HELP_REASONS)[number];

/** What a person did about an incident; the reason says why. */
export const INCIDENT_ACTIONS = [
  'FALSE_ALARM',
  'NOTHING_TO_DO',
  'SPOKE_TO_DRIVER',
  'VEHICLE_MOVED',
  'VEHICLE_TURNED_AWAY',
  'COUNT_CORRECTED',
  'REPAIRED',
  'REPORTED_TO_AUTHORITIES',
] as const;
export type IncidentAction = (typeof INCIDENT_ACTIONS)[number];
