import { Driver } from '../entities/driver.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Keeps a driver's word on whether what they owe may be charged to their saved card at the next visit they pay; gives since when it may.
 * Said again, the first time counts.
 */
export async function agreeToCollection(
  platform: Platform,
  { agreed }: { agreed: boolean },
  { driverId }: { driverId: string },
): Promise<{ collectedSince: Date | null }> {
  return inTransaction(platform, async (tx) => {
    const driver = await tx.em.findOneOrFail(Driver, { id: driverId });
    driver.debtsCollectedSince = agreed ? (driver.debtsCollectedSince ?? tx.now) : null;
    return { collectedSince: driver.debtsCollectedSince };
  });
}
