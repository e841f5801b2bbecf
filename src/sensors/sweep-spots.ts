import { Lot } from '../entities/lot.ts';
import { Sensor } from '../entities/sensor.ts';
import { inTransaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Platform } from '../platform/platform.ts';
import { lockSpots, lookAtSpots } from './look-at-spots.ts';

const BATCH = 500;

/**
 * Thinks over what is known of spots where time alone changes it: a sensor that fell silent, sensors that may not differ any longer, a
 * person's word that has expired. Gives how many. Locks the spots of a lot; publishes lotChanged and alerts.
 */
export async function sweepSpots(platform: Platform): Promise<number> {
  let done = 0;
  for (;;) {
    const due = await platform.orm.em
      .fork()
      .execute<{ lotId: string; id: string }[]>(
        `SELECT lot_id AS "lotId", id FROM spot WHERE look_again_at <= ? ORDER BY look_again_at LIMIT ${BATCH}`,
        [platform.clock.now()],
      );
    const lots = Map.groupBy(due, ({ lotId }) => lotId);
    const looked = await eachFound(platform, [...lots], async ([lotId, spots]) => {
      const spotIds = spots.map(({ id }) => id);
      await lookAgain(platform, lotId, spotIds);
      return true;
    });
    done += due.length;
    // Those that could not be looked at are found first again: the next sweep tries them.
    if (due.length < BATCH || looked < lots.size) return done;
  }
}

async function lookAgain(platform: Platform, lotId: string, spotIds: readonly string[]): Promise<void> {
  await inTransaction(platform, async (tx) => {
    await lockSpots(tx, lotId, spotIds);
    const lot = await tx.em.findOneOrFail(Lot, { id: lotId });
    const sensors = await tx.em.find(Sensor, { lotId, spotId: { $in: [...spotIds] }, removedAt: null });
    await lookAtSpots(tx, { lot, spotIds, sensors });
  });
}

const FORGET_BATCH = 5000;

/** Forgets what sensors saw change before `before`, at most 5,000 changes; gives how many. */
export async function forgetSensorChanges(platform: Platform, before: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM sensor_change WHERE (lot_id, sensor_id, at) IN (SELECT lot_id, sensor_id, at FROM sensor_change WHERE at < ? LIMIT ${FORGET_BATCH})
     RETURNING sensor_id`,
    [before],
  );
  return forgotten.length;
}
