import type { StayRef } from '../gate/find-stay.ts';
import type { StayRefInput } from '../schema/gate.ts';
import { requireId, requireLotId } from './payload.ts';

/** The visit that an input names. Refuses with LOT_NOT_FOUND, STAY_NOT_FOUND for ids that are none. */
export function stayRef({ stayId, ticket }: StayRefInput): StayRef {
  if (ticket != null)
    return { lotId: requireId('lot', ticket.lotId, ['stay', 'ticket', 'lotId']).id, code: ticket.code };
  const { lotId, id } = requireLotId('sty', stayId ?? '', ['stay', 'stayId']);
  return { lotId, stayId: id };
}
