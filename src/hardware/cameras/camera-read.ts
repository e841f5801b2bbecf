import type { VehicleClass } from '../../domain/vehicle.ts';

/** How a vehicle moves as its camera sees it; a camera that looks at the barrier from the street sees who leaves approach. */
export type Motion = 'APPROACHING' | 'RECEDING';

/** What a camera read off a plate. */
export interface PlateReading {
  readonly text: string;
  /** 0 to 1; undefined when the camera does not say. */
  readonly confidence: number | undefined;
  /** Its other guesses, best first, without the reading itself. */
  readonly candidates: readonly { readonly text: string; readonly confidence: number | undefined }[];
  /** Two letters; undefined when the camera does not know. */
  readonly country: string | undefined;
}

/** One reading of one vehicle, whoever made the camera. */
export interface CameraRead {
  /** The same for a reading that is sent again, different for every other of this camera. */
  readonly eventId: string;
  /** The camera's own id of the car that stands there; undefined for cameras that do not follow cars. */
  readonly carId: string | undefined;
  /** Undefined: there is a vehicle, and nothing could be read. */
  readonly plate: PlateReading | undefined;
  /** By the camera's clock. */
  readonly seenAt: Date | undefined;
  readonly motion: Motion | undefined;
  readonly vehicleClass: VehicleClass | undefined;
  /** Where its picture lies. */
  readonly imageRef: string | undefined;
  /** One of many frames of the same car: one that is not sure says nothing, the next one may. */
  readonly isFrame: boolean;
}

/** What a camera sent: readings, or something that is in order and says nothing about who stands there. */
export type CameraMessage =
  | { readonly kind: 'READS'; readonly reads: readonly CameraRead[] }
  | { readonly kind: 'NOTHING'; readonly because: 'GROUP' | 'CAR_LEFT' | 'HEARTBEAT' | 'OTHER_EVENT' | 'NO_VEHICLE' };

/** What came is not what a camera of this make sends. The message says what was looked for; it never repeats what came. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}
