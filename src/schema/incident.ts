import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  ALERT_CHANGES,
  INCIDENT_ACTIONS,
  INCIDENT_KINDS,
  INCIDENT_SEVERITIES,
  INCIDENT_STATES,
  type AlertChange,
  type IncidentAction,
  type IncidentKind,
  type IncidentSeverity,
  type IncidentState,
} from '../domain/incident.ts';
import { STAFF_ACTS, type StaffAct } from '../domain/staff-act.ts';
import { Allow } from './access.ts';
import { ConnectionArgs, connectionType } from './connection.ts';
import { enumOf } from './enums.ts';
import { Node } from './node.ts';
import { DateTime, LongText } from './scalars.ts';
import { UserError } from './user-error.ts';

const KINDS = Object.keys(INCIDENT_KINDS) as IncidentKind[];
const SENTENCES = Object.fromEntries(KINDS.map((kind) => [kind, INCIDENT_KINDS[kind].sentence])) as Record<
  IncidentKind,
  string
>;

export const IncidentKindEnum = enumOf<IncidentKind>('IncidentKind', KINDS, {
  description: 'What happened that a person should look at. New kinds come with new releases.',
  values: SENTENCES,
});

export const IncidentSeverityEnum = enumOf<IncidentSeverity>('IncidentSeverity', INCIDENT_SEVERITIES, {
  description: 'How soon a person should look.',
  values: { INFO: 'Whenever there is time.', WARNING: 'During the shift.', URGENT: 'Now.' },
});

export const IncidentStateEnum = enumOf<IncidentState>('IncidentState', INCIDENT_STATES, {
  description: 'Whether somebody still has to look.',
  values: { OPEN: 'Nobody has dealt with it.', RESOLVED: 'It is settled, or went away by itself.' },
});

export const IncidentActionEnum = enumOf<IncidentAction>('IncidentAction', INCIDENT_ACTIONS, {
  description: 'What a person did about an incident. It is recorded; nothing follows from it by itself.',
  values: {
    FALSE_ALARM: 'Nothing had happened.',
    NOTHING_TO_DO: 'It had happened, and nothing was to be done.',
    SPOKE_TO_DRIVER: 'The driver was spoken to.',
    VEHICLE_MOVED: 'The vehicle was moved to another spot.',
    VEHICLE_TURNED_AWAY: 'The vehicle was sent away.',
    COUNT_CORRECTED: 'Who is inside was corrected.',
    REPAIRED: 'A device was repaired or replaced.',
    REPORTED_TO_AUTHORITIES: 'The police or a guard was told.',
  },
});

export const AlertChangeEnum = enumOf<AlertChange>('AlertChange', ALERT_CHANGES, {
  description: 'What an alert is about.',
  values: { RAISED: 'Something happened.', RESOLVED: 'It is settled.' },
});

export const StaffActEnum = enumOf<StaffAct>('StaffAct', STAFF_ACTS, {
  description: 'What staff did by hand.',
  values: {
    INCIDENT_RESOLVED: 'An incident was settled.',
    STAY_MARKED_LEFT: 'A vehicle was written down as gone.',
    VEHICLE_MARKED_INSIDE: 'A vehicle was written down as inside.',
    INSIDE_LIST_PRINTED: 'The list of who should be inside was made.',
    SPOT_OVERRIDDEN: 'A person said whether a spot is occupied, whatever its sensors say.',
    SPOT_OVERRIDE_ENDED: 'The sensors of a spot count again.',
    WATCH_ADDED: 'A plate was put on the watch list.',
    WATCH_ENDED: 'A plate was taken off the watch list.',
    WATCH_LIST_READ: 'The watch list was read.',
    RESERVATION_CANCELLED: 'A reservation was called off for its driver.',
  },
});

@Allow('PUBLIC')
@ObjectType('Incident', {
  implements: Node,
  description: 'Something that a person should look at. For the staff of its lot.',
})
export class IncidentType extends Node {
  @Field(() => IncidentSeverityEnum, { description: 'How soon a person should look.' })
  severity!: IncidentSeverity;

  @Field(() => String, { nullable: true, description: 'What is known beside its kind; names no plate.' })
  note!: string | null;

  @Field(() => DateTime, { description: 'When it was noticed.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was settled; null while it is open.' })
  resolvedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it is settled, in the words of who did it.' })
  resolveReason!: string | null;

  @Field(() => IncidentActionEnum, { nullable: true, description: 'What was done about it.' })
  resolveAction!: IncidentAction | null;
}

export const IncidentConnection = connectionType(IncidentType, {
  name: 'Incident',
  plural: 'incidents',
  countable: false,
});

@ArgsType()
export class IncidentsArgs extends ConnectionArgs {
  @Field(() => IncidentStateEnum, { nullable: true, description: 'Only those that are open, or settled.' })
  state?: IncidentState | null;

  @Field(() => [IncidentKindEnum], { nullable: true, description: 'Only these kinds.' })
  kinds?: IncidentKind[] | null;

  @Field(() => [IncidentSeverityEnum], { nullable: true, description: 'Only these severities.' })
  severities?: IncidentSeverity[] | null;
}

@Allow('PUBLIC')
@ObjectType('Alert', { description: 'An incident was raised or settled.' })
export class AlertType {
  @Field(() => AlertChangeEnum, { description: 'Which of the two.' })
  change!: AlertChange;

  @Field(() => IncidentType, { description: 'The incident as it is now.' })
  incident!: IncidentType;
}

@InputType('ResolveIncidentInput', { description: 'Staff have dealt with an incident.' })
export class ResolveIncidentInput {
  @Field(() => ID, { description: 'Which.' })
  incidentId!: string;

  @Field(() => LongText, { description: 'How it ended; it is recorded with your name.' })
  reason!: string;

  @Field(() => IncidentActionEnum, { nullable: true, description: 'What was done.' })
  action?: IncidentAction | null;
}

@Allow('PUBLIC')
@ObjectType('ResolveIncidentPayload', { description: 'What settling an incident led to.' })
export class ResolveIncidentPayload {
  @Field(() => IncidentType, { nullable: true, description: 'The incident, settled.' })
  incident?: IncidentType;

  @Field(() => Boolean, { description: 'True when it was settled before; then it stays as it was settled.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('AuditEntry', { description: 'What a member of staff did by hand, and why.' })
export class AuditEntryType {
  @Field(() => StaffActEnum, { description: 'What was done.' })
  act!: StaffAct;

  @Field(() => String, { description: 'Why, in the words of who did it.' })
  reason!: string;

  @Field(() => DateTime, { description: 'When.' })
  createdAt!: Date;
}

export const AuditEntryConnection = connectionType(AuditEntryType, {
  name: 'AuditEntry',
  plural: 'acts of staff',
  countable: false,
});

@ArgsType()
export class AuditTrailArgs extends ConnectionArgs {
  @Field(() => [StaffActEnum], { nullable: true, description: 'Only these acts.' })
  acts?: StaffAct[] | null;
}
