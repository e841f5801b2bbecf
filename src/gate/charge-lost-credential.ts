import { LockMode } from '@mikro-orm/postgresql';
import { currentTariff } from '../availability/current-tariff.ts';
import type { IncidentKind } from '../domain/incident.ts';
import { Refusal } from '../domain/refusal.ts';
import { Debt } from '../entities/debt.ts';
import { GateEvent } from '../entities/gate-event.ts';
import { Incident } from '../entities/incident.ts';
import { openDebt } from '../payments/debts.ts';
import { servedLot, type StaffViewer } from '../payments/till/served-lot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/** Exits at which nobody knew when the vehicle had come in. */
const ENTRY_UNKNOWN: ReadonlySet<string> = new Set<IncidentKind>([
  'UNKNOWN_STAY',
  'UNSURE_STAY',
  'EXIT_NOT_LOOKED_UP',
  'LEFT_WITHOUT_ENTRY',
]);

/**
 * Charges a driver whose entry nobody knows what the tariff in force asks for that, on the incident of the exit. It becomes a debt, once an
 * incident, that is taken at the till or on the terminal (`takeDebtPayment`) or stays for later; where a plate was read, whoever comes with it
 * again is told of it. Refuses with LOT_NOT_FOUND, INCIDENT_NOT_FOUND (of another kind, too), NOTHING_DUE (the tariff asks nothing).
 * Locks the incident.
 */
export async function chargeLostCredential(
  platform: Platform,
  { lotId, incidentId }: { lotId: string; incidentId: string },
  staff: StaffViewer,
): Promise<{ debt: Debt; replayed: boolean }> {
  const { debtId, replayed } = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const lockMode = LockMode.PESSIMISTIC_WRITE;
    const incident = await tx.em.findOne(Incident, { lotId, id: incidentId }, { lockMode });
    if (!incident || !ENTRY_UNKNOWN.has(incident.kind)) {
      throw new Refusal('INCIDENT_NOT_FOUND', 'There is no such incident of an exit in your lots.', {
        field: ['incidentId'],
      });
    }
    if (incident.debtId != null) return { debtId: incident.debtId, replayed: true };
    const charged = await charge(tx, incident);
    incident.debtId = charged;
    return { debtId: charged, replayed: false };
  });
  const debt = await platform.orm.em.fork().findOneOrFail(Debt, { lotId, id: debtId });
  return { debt, replayed };
}

async function charge(tx: Transaction, { lotId, scanId }: Incident): Promise<string> {
  const { document } = await currentTariff(tx.em, lotId);
  const { lostCredentialMinor: amountMinor = 0, currency } = document;
  const nobody = { stayId: null, paymentId: null, driverId: null };
  const owed = { lotId, ...nobody, amountMinor, currency, reason: 'LOST_CREDENTIAL' } as const;
  const id = amountMinor > 0 ? await openDebt(tx, owed) : undefined;
  if (id === undefined)
    throw new Refusal('NOTHING_DUE', 'The tariff asks nothing of a driver whose entry nobody knows.');
  const plateIndex = scanId == null ? undefined : await plateRead(tx, { lotId, scanId });
  if (plateIndex !== undefined)
    await tx.em.execute(`UPDATE debt SET plate_index = ? WHERE lot_id = ? AND id = ?`, [plateIndex, lotId, id]);
  return id;
}

const PLATE = 'plate:';

/** The keyed index of the plate that the exit read; undefined where it read none. */
async function plateRead(tx: Transaction, scan: { lotId: string; scanId: string }): Promise<string | undefined> {
  const event = await tx.em.findOne(GateEvent, scan);
  const { credentialKey } = (event?.answer ?? {}) as { credentialKey?: string };
  return credentialKey?.startsWith(PLATE) ? credentialKey.slice(PLATE.length) : undefined;
}
