import type { EntityManager } from '@mikro-orm/postgresql';
import { ScanImage } from '../entities/scan-image.ts';

/** Where the pictures of some scans lie, by lot and scan; of those that have one. */
export async function imagesOfScans(
  em: EntityManager,
  scans: readonly { readonly lotId: string; readonly scanId: string }[],
): Promise<ScanImage[]> {
  return em.find(ScanImage, { $or: scans.map(({ lotId, scanId }) => ({ lotId, scanId })) });
}
