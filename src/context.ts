import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import type { Viewer } from './domain/viewer.ts';
import { Device } from './entities/device.ts';
import { Gate } from './entities/gate.ts';
import { Level } from './entities/level.ts';
import { Lot } from './entities/lot.ts';
import { Payment } from './entities/payment.ts';
import { Reservation } from './entities/reservation.ts';
import { Spot } from './entities/spot.ts';
import { Staff } from './entities/staff.ts';
import { Stay } from './entities/stay.ts';
import { Tariff } from './entities/tariff.ts';
import { Vehicle } from './entities/vehicle.ts';
import type { Platform } from './platform/platform.ts';

/** A row of a table that is distributed by lot. */
export interface LotScopedKey {
  readonly lotId: string;
  readonly id: string;
}

/** Rows by id, each read once an operation and all of one moment in one query. Undefined for a row that is not there. */
export interface Loaders {
  lot(id: string): Promise<Lot | undefined>;
  spot(key: LotScopedKey): Promise<Spot | undefined>;
  gate(key: LotScopedKey): Promise<Gate | undefined>;
  level(key: LotScopedKey): Promise<Level | undefined>;
  tariff(key: LotScopedKey): Promise<Tariff | undefined>;
  device(key: LotScopedKey): Promise<Device | undefined>;
  reservation(key: LotScopedKey): Promise<Reservation | undefined>;
  payment(key: LotScopedKey): Promise<Payment | undefined>;
  stay(key: LotScopedKey): Promise<Stay | undefined>;
  vehicle(id: string): Promise<Vehicle | undefined>;
  staff(id: string): Promise<Staff | undefined>;
}

/** What an operation has. `em` and `loaders` are made when first used: a gate's request needs neither. */
export interface Context {
  readonly platform: Platform;
  readonly viewer: Viewer | undefined;
  readonly em: EntityManager;
  /** The instant of the operation. */
  readonly now: Date;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly loaders: Loaders;
}

export interface Asked {
  readonly platform: Platform;
  readonly viewer: Viewer | undefined;
  readonly requestId: string;
  readonly clientAddress: string;
}

/** The context of one operation, or of one event of a subscription. */
export function createContext(asked: Asked): Context {
  return new OperationContext(asked);
}

/** Plain fields and getters only: Apollo Server makes a shallow copy, which private fields would not survive. */
class OperationContext implements Context {
  readonly platform: Platform;
  readonly viewer: Viewer | undefined;
  readonly requestId: string;
  readonly clientAddress: string;
  private fork: EntityManager | undefined;
  private instant: Date | undefined;
  private rows: Loaders | undefined;

  constructor(asked: Asked) {
    this.platform = asked.platform;
    this.viewer = asked.viewer;
    this.requestId = asked.requestId;
    this.clientAddress = asked.clientAddress;
  }

  get em(): EntityManager {
    return (this.fork ??= this.platform.orm.em.fork() as EntityManager);
  }

  get now(): Date {
    return (this.instant ??= this.platform.clock.now());
  }

  get loaders(): Loaders {
    return (this.rows ??= createLoaders(this.em));
  }
}

const keyText = ({ lotId, id }: LotScopedKey): string => `${lotId}/${id}`;

/** One DataLoader a table, for rows whose key is their id. */
function byId<T extends { readonly id: string }>(
  find: (ids: string[]) => Promise<T[]>,
): (id: string) => Promise<T | undefined> {
  const loader = new DataLoader<string, T | undefined>(async (ids) => {
    const rows = new Map((await find([...ids])).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  });
  return (id) => loader.load(id);
}

/** One DataLoader a table, for rows whose key is (lotId, id). */
function byLotAndId<T extends LotScopedKey>(
  find: (keys: readonly LotScopedKey[]) => Promise<T[]>,
): (key: LotScopedKey) => Promise<T | undefined> {
  const loader = new DataLoader<LotScopedKey, T | undefined, string>(
    async (keys) => {
      const rows = new Map((await find(keys)).map((row) => [keyText(row), row]));
      return keys.map((key) => rows.get(keyText(key)));
    },
    { cacheKeyFn: keyText },
  );
  return (key) => loader.load(key);
}

function createLoaders(em: EntityManager): Loaders {
  const any = (keys: readonly LotScopedKey[]) => ({ $or: keys.map(({ lotId, id }) => ({ lotId, id })) });
  return {
    lot: byId((ids) => em.find(Lot, { id: { $in: ids } })),
    spot: byLotAndId((keys) => em.find(Spot, any(keys))),
    gate: byLotAndId((keys) => em.find(Gate, any(keys))),
    level: byLotAndId((keys) => em.find(Level, any(keys))),
    tariff: byLotAndId((keys) => em.find(Tariff, any(keys))),
    device: byLotAndId((keys) => em.find(Device, any(keys))),
    reservation: byLotAndId((keys) => em.find(Reservation, any(keys))),
    payment: byLotAndId((keys) => em.find(Payment, any(keys))),
    stay: byLotAndId((keys) => em.find(Stay, any(keys))),
    staff: byId((ids) => em.find(Staff, { id: { $in: ids } })),
    vehicle: byId((ids) => em.find(Vehicle, { id: { $in: ids } })),
  };
}
