import type { Role } from '../domain/viewer.ts';

/** What one caller may ask of one API process. */
export interface EdgeLimits {
  /** Requests (and new subscriptions) a minute of one viewer; PUBLIC: of one address without a login. */
  readonly requestsPerMinute: Readonly<Record<Role, number>>;
  readonly socketsPerAddress: number;
  readonly socketsPerViewer: number;
  readonly subscriptionsPerSocket: number;
}

/** A gate sees up to fifty reads a vehicle and ten vehicles a minute, and there is room for a burst. */
export const DEFAULT_LIMITS: EdgeLimits = {
  requestsPerMinute: {
    PUBLIC: 600,
    DRIVER: 600,
    ATTENDANT: 3000,
    OPERATOR: 3000,
    ADMIN: 3000,
    GATE: 6000,
    BOARD: 600,
    MERCHANT: 600,
    // All gates of a lot speak through their agent, and it looks three times a second whether we are there.
    LANE: 30_000,
    SENSOR: 600,
    PARTNER: 6000,
  },
  socketsPerAddress: 500,
  socketsPerViewer: 50,
  subscriptionsPerSocket: 50,
};

/** What one document may be. Documents of the apps stay far below. */
export const DOCUMENT_LIMITS = {
  tokens: 1500,
  depth: 12,
  aliases: 30,
  rootFields: 20,
  /** Fields after every fragment is spread out. */
  fields: 500,
  directives: 50,
  /** See cost.ts. */
  cost: 1000,
} as const;

export const MAX_BODY_BYTES = 64 * 1024;
