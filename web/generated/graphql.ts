/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A vehicle of the signed-in driver. */
export type AddVehicleInput = {
  /** What its driver calls it. */
  nickname?: string | null | undefined;
  /** The plate as it is written on the vehicle: 2 to 12 letters and digits, separators do not matter. */
  plate: string;
  /** Where the plate was issued. */
  plateCountry?: string | null | undefined;
  /** Decides which spots it fits. */
  vehicleClass: VehicleClass;
};

/** What an alert is about. */
export type AlertChange =
  /** Something happened. */
  | 'RAISED'
  /** It is settled. */
  | 'RESOLVED';

/** In what an alternative differs from what was asked for. */
export type AlternativeKind =
  /** The same lot and types, the nearest later start for a period of the same length. */
  | 'LATER'
  /** The nearest other lot, for the same period. */
  | 'OTHER_LOT'
  /** Another type of spot in the same lot that takes the vehicle, for the same period. */
  | 'OTHER_TYPE';

/** Whose driver is late. */
export type AnnounceLateArrivalInput = {
  /** A confirmed reservation whose grace is not over. */
  reservationId: string;
};

/** A driver at a gate presses the button for help. */
export type CallAttendantInput = {
  /** The gate. */
  gateId: string;
  /** Why, as far as the device knows. */
  reason?: HelpReason;
};

/** Which reservation to call off. */
export type CancelReservationInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** Why staff call it off: it is recorded with their name. */
  reason?: string | null | undefined;
  /** A held or confirmed reservation. See `Reservation.refundIfCancelledNow` for what comes back. */
  reservationId: string;
};

/** The new end of a reservation. */
export type ChangeReservationInput = {
  /** When it shall end. See `Reservation.priceIfEndingAt` for what that costs. */
  endsAt: string;
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The card for what a later end costs more; an earlier end needs none. */
  paymentMethodId?: string | null | undefined;
  /** A confirmed reservation that is not over. */
  reservationId: string;
};

/** Which vehicle comes instead. */
export type ChangeVehicleInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** A held or confirmed reservation whose vehicle has not come in. */
  reservationId: string;
  /** The other vehicle. A plate without a class is of the class that was reserved for. */
  vehicle: VehicleRefInput;
};

/** A vehicle wants in. */
export type CheckInInput = {
  /** True when the barrier has opened for this scan before, on an answer that was not `durable`: the vehicle is through, so it is recorded rather than asked. */
  alreadyOpened?: boolean | null | undefined;
  /** How it says who it is. */
  credential: CredentialInput;
  /** The gate it stands at. */
  gateId: string;
  /** When the device saw it, by its own clock. Matters for a scan that is sent late. */
  observedAt?: string | null | undefined;
  /** Made by the device, once for each reading, and sent again with it until `durable`. The same id has the same answer. */
  scanId: string;
  /** The earlier scan of the same arrival that this one corrects. */
  supersedes?: string | null | undefined;
  /** What it is, for a vehicle without a reservation; CAR unless told. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** A vehicle wants out. */
export type CheckOutInput = {
  /** True when the barrier has opened for this scan before, on an answer that was not `durable`: the vehicle is through, so it is recorded rather than asked. */
  alreadyOpened?: boolean | null | undefined;
  /** How it says who it is. */
  credential: CredentialInput;
  /** The gate it stands at. */
  gateId: string;
  /** When the device saw it, by its own clock: that is when it left. */
  observedAt?: string | null | undefined;
  /** Made by the device, once for each reading, and sent again with it until `durable`. The same id has the same answer. */
  scanId: string;
};

/** Spots to take out of use. */
export type CloseSpotsInput = {
  /** Their lot. */
  lotId: string;
  /** 1 to 500 spots. */
  spotIds: Array<string>;
};

/** Which reservation to pay, and how. */
export type CompleteReservationInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The card, as the provider’s library gave it (`pm_…`). Absent: the client has confirmed the payment itself, with the `clientSecret`. */
  paymentMethodId?: string | null | undefined;
  /** The held reservation. */
  reservationId: string;
};

/** A person puts right who is inside. */
export type CorrectPresenceInput = {
  /** What was seen. */
  correction: PresenceCorrectionInput;
  /** The same key has the same answer and one effect. Send it again until `durable`. */
  idempotencyKey: string;
  /** Why; it is recorded with your name. */
  reason: string;
};

/** A new merchant of a lot. Its till gets its key from `issueDeviceKey`. */
export type CreateMerchantInput = {
  /** How many validations it may give in a month; null: no limit. */
  budgetCount?: number | null | undefined;
  /** What it may give in a month, in minor units; null: no limit. */
  budgetMinor?: number | null | undefined;
  /** The lot. */
  lotId: string;
  /** What one validation costs it at most, in minor units. */
  mostMinor: number;
  /** Its name, at most 200 characters; unique in the lot. */
  name: string;
  /** How many of its validations one stay may have, 1 to 10; 1 unless told. */
  perStay?: number | null | undefined;
  /** Whether they stand beside those of other merchants; not unless told. */
  stackable?: boolean | null | undefined;
};

/** A new promo code. */
export type CreatePromoCodeInput = {
  /** 3 to 24 letters, digits and hyphens; unique for the operator, also among ended ones. */
  code: string;
  /** Of the amounts here; with it the code holds in lots of that currency. */
  currency?: string | null | undefined;
  /** What it takes off. */
  discount: DiscountValueInput;
  /** Only for drivers without another reservation at the operator’s lots. */
  firstVisitOnly?: boolean | null | undefined;
  /** 1 to 500 lots of the operator; null: all of them, also later ones. */
  lotIds?: Array<string> | null | undefined;
  /** How often all drivers together may use it, at most 1000000. */
  maxUses?: number | null | undefined;
  /** Whose it is. Only an admin has to name it. */
  operatorId?: string | null | undefined;
  /** Parking must not begin before this. */
  periodsFrom?: string | null | undefined;
  /** Parking must not end after this. */
  periodsUntil?: string | null | undefined;
  /** What the parking must cost at least without it, in minor units. */
  smallestPriceMinor?: number | null | undefined;
  /** How often one driver may use it. */
  usesPerDriver?: number | null | undefined;
  /** From when it may be used; from now on unless told. */
  validFrom?: string | null | undefined;
  /** Until when it may be used. */
  validUntil?: string | null | undefined;
};

/** How a vehicle says who it is: exactly one of these. */
export type CredentialInput =
  {   /** The code of a reservation or of a walk-in’s ticket, as a person types it. */
  code: string; pass?: never; plate?: never; ticket?: never; unreadable?: never; }
  |  { code?: never;   /** The text of the QR: the pass, and behind a dot the code of the moment if the phone added one. */
  pass: string; plate?: never; ticket?: never; unreadable?: never; }
  |  { code?: never; pass?: never;   /** Its plate. */
  plate: PlateReadInput; ticket?: never; unreadable?: never; }
  |  { code?: never; pass?: never; plate?: never;   /** `true`: the driver asks for a ticket (the button, or the kiosk after UNREADABLE): a walk-in with a code and no plate. Means nothing at an exit. */
  ticket: boolean; unreadable?: never; }
  |  { code?: never; pass?: never; plate?: never; ticket?: never;   /** `true`: there is a vehicle and nothing could be read. */
  unreadable: boolean; };

/** Why something was left owing: nobody is kept behind a barrier for it. */
export type DebtReason =
  /** A visit whose times were corrected afterwards, from what a lane had seen while it was cut off. */
  | 'AMENDED_STAY'
  /** A vehicle left whose entry nobody knew, and an attendant charged what the tariff asks for that. */
  | 'LOST_CREDENTIAL'
  /** The fee for not coming, which the saved card did not pay. */
  | 'NO_SHOW_FEE'
  /** Time past the end of a reservation. */
  | 'OVERSTAY'
  /** A stay on a reservation whose price had gone back with a no-show. */
  | 'REINSTATED'
  /** A visit that was let out unpaid. */
  | 'UNPAID_STAY';

/** How a driver proves that they mean it. */
export type DeleteAccountInput = {
  /** Their password. */
  password: string;
};

/** What a machine of a lot may do. */
export type DeviceRole =
  /** Shows availability and nothing else. */
  | 'BOARD'
  /** Scans at its gate and opens it. */
  | 'GATE'
  /** The agent of a lot’s lanes: scans at any gate of the lot, and decides alone while it is cut off. */
  | 'LANE'
  /** The till of a merchant: takes over a part of what its guests pay, and nothing else. */
  | 'MERCHANT'
  /** The gateway of a lot’s sensors: tells what they see on the spots, and nothing else. */
  | 'SENSOR';

/** Whose account is closed. */
export type DisableStaffInput = {
  /** The member of staff. */
  staffId: string;
};

/** In what a discount is told. */
export type DiscountKind =
  /** An amount; never more than the price. */
  | 'MONEY'
  /** A percentage of the price. */
  | 'PERCENT'
  /** Minutes that are not charged. */
  | 'TIME';

/** What a discount takes off: exactly one of these. */
export type DiscountValueInput =
  {   /** An amount in minor units. */
  amountMinor: number; percent?: never; time?: never; }
  |  { amountMinor?: never;   /** A percentage, 1 to 100. */
  percent: number; time?: never; }
  |  { amountMinor?: never; percent?: never;   /** Minutes. */
  time: TimeDiscountInput; };

/** The promo code that ends. */
export type EndPromoCodeInput = {
  /** The promo code. */
  promoCodeId: string;
};

/** The sensors of a spot count again. */
export type EndSpotOverrideInput = {
  /** Why; it is recorded with your name. */
  reason: string;
  /** The spot. */
  spotId: string;
};

/** What the barrier does. */
export type GateAction =
  /** It stays closed until what is asked for is there: a code, a pass, a payment, a moment. */
  | 'ASK'
  /** It stays closed, and says why. */
  | 'DENY'
  /** It opens. */
  | 'OPEN';

/** Which way vehicles pass a gate. */
export type GateDirection =
  /** In and out, one after the other. */
  | 'BOTH'
  /** In. */
  | 'ENTRY'
  /** Out. */
  | 'EXIT';

/** What was asked of a gate. */
export type GateOperation =
  /** A vehicle wanted in. */
  | 'CHECK_IN'
  /** A vehicle wanted out. */
  | 'CHECK_OUT'
  /** A person opened it. */
  | 'OPEN_GATE';

/** Why. When several reasons hold, the first of this order is told. */
export type GateReason =
  /** The vehicle is inside already. */
  | 'ALREADY_INSIDE'
  /** The reservation was used. */
  | 'ALREADY_LEFT'
  /** Several vehicles could be meant: ask for the pass or the code. */
  | 'AMBIGUOUS'
  /** Nobody is trapped: what is owed is collected afterwards. */
  | 'BILLED_LATER'
  /** The reservation was cancelled. */
  | 'CANCELLED'
  /** The reservation was not paid in time. */
  | 'EXPIRED'
  /** The lot or this gate takes nobody now. */
  | 'LOT_CLOSED'
  /** No fitting spot is free. */
  | 'LOT_FULL'
  /** There is nothing to pay. */
  | 'NOTHING_DUE'
  /** The reservation is not paid. */
  | 'NOT_CONFIRMED'
  /** The vehicle is not inside. */
  | 'NOT_INSIDE'
  /** The spot was given away because nobody came in time. */
  | 'NO_SHOW_RELEASED'
  /** The pass was not signed by us. */
  | 'PASS_FORGED'
  /** The pass belongs to another lot. */
  | 'PASS_OF_ANOTHER_LOT'
  /** The lot lets passes in only with the code of the moment, and it came without one or with an old one: ask for the pass on the phone. */
  | 'PASS_STALE'
  /** The stay has to be paid first; `due` says how much. */
  | 'PAYMENT_DUE'
  /** A paid reservation is due. */
  | 'RESERVATION'
  /** A person opened it. */
  | 'STAFF'
  /** The stay was paid a moment ago. */
  | 'STAY_PAID'
  /** The stay was paid ahead. */
  | 'STAY_PREPAID'
  /** We cannot tell right now: send the scan again. */
  | 'SYSTEM_UNAVAILABLE'
  /** The reservation does not begin yet. */
  | 'TOO_EARLY'
  /** The reservation is over. */
  | 'TOO_LATE'
  /** The pass or code stands for nothing here. */
  | 'UNKNOWN_CREDENTIAL'
  /** Nothing could be read: ask for the pass, the code or the plate typed in, and offer a ticket. */
  | 'UNREADABLE'
  /** No reservation, but a spot was free. */
  | 'WALK_IN'
  /** The gate leads the other way. */
  | 'WRONG_DIRECTION';

/** A place on earth, WGS 84. */
export type GeoPointInput = {
  /** Degrees north, −90 to 90. */
  latitude: number;
  /** Degrees east, −180 to 180. */
  longitude: number;
};

/** Why a driver at a gate calls for help. */
export type HelpReason =
  /** Whatever it is. */
  | 'HELP'
  /** The ticket is lost. */
  | 'LOST_TICKET'
  /** Paying does not work. */
  | 'PAYING';

/** What a person did about an incident. It is recorded; nothing follows from it by itself. */
export type IncidentAction =
  /** Who is inside was corrected. */
  | 'COUNT_CORRECTED'
  /** Nothing had happened. */
  | 'FALSE_ALARM'
  /** It had happened, and nothing was to be done. */
  | 'NOTHING_TO_DO'
  /** A device was repaired or replaced. */
  | 'REPAIRED'
  /** The police or a guard was told. */
  | 'REPORTED_TO_AUTHORITIES'
  /** The driver was spoken to. */
  | 'SPOKE_TO_DRIVER'
  /** The vehicle was moved to another spot. */
  | 'VEHICLE_MOVED'
  /** The vehicle was sent away. */
  | 'VEHICLE_TURNED_AWAY';

/** What happened that a person should look at. New kinds come with new releases. */
export type IncidentKind =
  /** A barrier did not open when it was told to. */
  | 'BARRIER_FAILED'
  /** The clock of a camera is off by more than two minutes. */
  | 'CAMERA_CLOCK_OFF'
  /** A vehicle that was let in was read better afterwards, and would not have been let in. */
  | 'CORRECTED_TOO_LATE'
  /** One pass or plate came in twice without leaving. */
  | 'ENTERED_TWICE'
  /** A vehicle came in on a reservation that had ended. */
  | 'ENTERED_WITHOUT_RIGHT'
  /** An exit was opened before anybody could be asked about it. */
  | 'EXIT_NOT_LOOKED_UP'
  /** A gate was opened by hand. */
  | 'GATE_OPENED_BY_STAFF'
  /** A driver at a gate calls for help. */
  | 'HELP_WANTED'
  /** A decision of a gate could not be applied. */
  | 'JOURNAL_ENTRY_PARKED'
  /** A lane sent a journal entry that it cannot have written. */
  | 'JOURNAL_FORGED'
  /** A lane sent its journal with a hole in it. */
  | 'JOURNAL_HOLE'
  /** The agent of a lot has not been heard for more than five minutes. */
  | 'LANE_SILENT'
  /** A lane let a vehicle out that no lane had let in. */
  | 'LEFT_WITHOUT_ENTRY'
  /** More spots are occupied than vehicles have come in. */
  | 'MORE_VEHICLES_THAN_STAYS'
  /** The spot of an arriving driver is taken, and no other could be found. */
  | 'NEXT_DRIVER_STRANDED'
  /** A no-show was fired while its vehicle was inside. */
  | 'NO_SHOW_OVERTURNED'
  /** A vehicle is inside and no spot is left for it. */
  | 'NO_SPOT_LEFT'
  /** Something happened that a person should look at. */
  | 'OTHER'
  /** Who is inside was corrected by hand. */
  | 'PRESENCE_CORRECTED'
  /** A gate was opened for a vehicle that did not pass. */
  | 'READ_WITHOUT_PASSAGE'
  /** The sensors of one spot contradict each other. */
  | 'SENSORS_DISAGREE'
  /** The battery of a sensor is nearly empty. */
  | 'SENSOR_BATTERY_LOW'
  /** A sensor has not been heard for more than two heartbeats. */
  | 'SENSOR_SILENT'
  /** A vehicle stands on a spot that is promised to somebody else. */
  | 'SPOT_TAKEN'
  /** The times of a visit were corrected after it had been paid. */
  | 'STAY_CORRECTED'
  /** A vehicle stayed longer than its tariff can price. */
  | 'STAY_TOO_LONG'
  /** More vehicles passed a gate than it was opened for. */
  | 'TAILGATING'
  /** A vehicle left that nobody had seen come in. */
  | 'UNKNOWN_STAY'
  /** A vehicle left whose plate was only like that of one inside. */
  | 'UNSURE_STAY'
  /** A reservation was used again after its visit had ended. */
  | 'USED_AGAIN'
  /** A vehicle stands on a spot that nobody has claimed. */
  | 'VEHICLE_WITHOUT_RIGHT'
  /** A vehicle on the watch list was read at a gate. */
  | 'WATCHED_VEHICLE'
  /** A vehicle stands on another spot than its own. */
  | 'WRONG_SPOT';

/** How soon a person should look. */
export type IncidentSeverity =
  /** Whenever there is time. */
  | 'INFO'
  /** Now. */
  | 'URGENT'
  /** During the shift. */
  | 'WARNING';

/** Whether somebody still has to look. */
export type IncidentState =
  /** Nobody has dealt with it. */
  | 'OPEN'
  /** It is settled, or went away by itself. */
  | 'RESOLVED';

/** A new member of staff. Nobody gives more than they have. */
export type InviteStaffInput = {
  /** What they will sign in with. */
  email: string;
  /** The only lots they serve; left out: all of the operator, also those to come. */
  lotIds?: Array<string> | null | undefined;
  /** Their name, at most 200 characters. */
  name: string;
  /** Whom they work for. Only an admin has to name it, unless `lotIds` tell. */
  operatorId?: string | null | undefined;
  /** What they may do. */
  role: StaffRole;
};

/** A new device of a lot. */
export type IssueDeviceKeyInput = {
  /** For a GATE device, and only for one: its gate. */
  gateId?: string | null | undefined;
  /** The lot. */
  lotId: string;
  /** For a MERCHANT device, and only for one: the merchant whose till it is. */
  merchantId?: string | null | undefined;
  /** What staff call it. */
  name: string;
  /** What it may do. */
  role: DeviceRole;
};

/** Somebody wants proof of what they paid. */
export type IssueReceiptsInput = {
  /** The payment; it must have been captured. */
  paymentId: string;
};

/** Whether a lot takes vehicles. */
export type LotState =
  /** It takes no new reservations and lets nobody in. */
  | 'CLOSED'
  /** It does, within its opening hours. */
  | 'OPEN';

/** A vehicle that is inside, although no gate saw it come. */
export type MarkInsideInput = {
  /** When it came, up to a week ago: it is paid from then on. Now, unless told. */
  at?: string | null | undefined;
  /** How it is known: its plate, its pass, its code; `ticket` for one whose plate cannot be read. */
  credential: CredentialInput;
  /** The lot. */
  lotId: string;
  /** What it is, for a vehicle without a reservation; CAR unless told. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** A visit that is over, although no gate saw it end. */
export type MarkLeftInput = {
  /** When it ended: it is paid until then. Now, unless told. For a vehicle that turned round, when it came. */
  at?: string | null | undefined;
  /** The visit. */
  stayId: string;
};

/** What happened in the life of a reservation. */
export type MomentKind =
  /** A person did something by hand; `detail` is what, `note` why. */
  | 'ACT_OF_STAFF'
  /** It was called off. */
  | 'CANCELLED'
  /** Its vehicle came in. */
  | 'CHECKED_IN'
  /** Its vehicle left. */
  | 'COMPLETED'
  /** It was paid, and is a right to park. */
  | 'CONFIRMED'
  /** Its vehicle stayed on, and another driver had to be moved. */
  | 'DISPLACED'
  /** It was not paid in time. */
  | 'EXPIRED'
  /** Something happened that a person should look at; `detail` is its kind. */
  | 'INCIDENT'
  /** It was made, and held for its payment. */
  | 'MADE'
  /** Nobody came. */
  | 'NO_SHOW'
  /** Money came; `detail` is what for. */
  | 'PAID'
  /** Money has gone back. */
  | 'REFUNDED'
  /** Money goes back; `detail` is why. */
  | 'REFUND_PROMISED'
  /** A gate decided about it; `detail` is the reason, `note` what the gate did. */
  | 'SCANNED';

/** How far a monthly pass has come. */
export type MonthlyPassState =
  /** It covers parking within its period and hours. */
  | 'ACTIVE'
  /** It is over. */
  | 'ENDED'
  /** It has not been paid yet, and covers nothing. */
  | 'PENDING';

/** What a driver who does not come pays: kept of what was paid for the reservation. Only a FIXED fee can be more than that. */
export type NoShowFee =
  /** The price of the first hours. */
  | 'FIRST_HOURS'
  /** An amount; what it is above what was paid is charged to the saved card. */
  | 'FIXED'
  /** Everything that was paid. */
  | 'FULL'
  /** Nothing. */
  | 'NONE'
  /** A share of what was paid. */
  | 'PERCENT';

/** A monthly pass to put on sale. It never changes afterwards. */
export type OfferMonthlyPassInput = {
  /** When it covers parking, at most 20; day and night unless told. */
  hours?: Array<PassHoursInput> | null | undefined;
  /** The lot. */
  lotId: string;
  /** For how many plates one pass may be, 1 to 10; 1 unless told. */
  mostPlates?: number | null | undefined;
  /** What it is called, at most 200 characters; unique in the lot. */
  name: string;
  /** What a month costs, in minor units of the lot’s currency, taxes included; zero is free. */
  priceMinor: number;
  /** How many stays of a calendar month it covers, at most 1000; all unless told. */
  usesPerMonth?: number | null | undefined;
};

/** A person opens a gate. */
export type OpenGateInput = {
  /** The gate. */
  gateId: string;
  /** The same key has the same answer and one effect. Send it again until `durable`. */
  idempotencyKey: string;
  /** Why; it is recorded with your name. */
  reason: string;
};

/** Spots to put back into use. */
export type OpenSpotsInput = {
  /** Their lot. */
  lotId: string;
  /** 1 to 500 spots. */
  spotIds: Array<string>;
};

/** A person says what is on a spot. */
export type OverrideSpotInput = {
  /** How many minutes that counts; a week at most. */
  minutes: number;
  /** Why; it is recorded with your name. */
  reason: string;
  /** What is on it. */
  sight: SpotSight;
  /** The spot. */
  spotId: string;
};

/** Hours of some days of the week, on the lot’s own clock. */
export type PassHoursInput = {
  /** The days on which they begin; every day unless told. */
  days?: Array<Weekday> | null | undefined;
  /** From then on: `07:00`. With `to`, or neither: the whole day. */
  from?: string | null | undefined;
  /** Until then; at or before `from` it is of the next day. */
  to?: string | null | undefined;
};

/** A vehicle without a reservation pays before it leaves. */
export type PayStayInput = {
  /** The same key pays once. */
  idempotencyKey: string;
  /** The card to charge (`pm_…`). Absent: confirm with `clientSecret`, then drive to the exit. */
  paymentMethodId?: string | null | undefined;
  /** Which visit. */
  stay: StayRefInput;
};

/** What the money is for. */
export type PaymentKind =
  /** What a changed reservation costs more. */
  | 'CHANGE'
  /** Money that was left owing, paid afterwards. */
  | 'DEBT'
  /** A month of a monthly pass. */
  | 'MONTHLY_PASS'
  /** The fee of a driver who did not come, charged to the saved card. */
  | 'NO_SHOW_FEE'
  /** The time past the end of a reservation, charged to the saved card. */
  | 'OVERSTAY'
  /** The reservation itself: it is confirmed when this is captured. */
  | 'RESERVATION'
  /** A visit without a reservation, paid before leaving. */
  | 'STAY';

/** How money was paid. */
export type PaymentMethod =
  /** Through the payment provider. */
  | 'CARD'
  /** In coins and notes, to an attendant. */
  | 'CASH'
  /** On the lot’s own card terminal. */
  | 'TERMINAL';

/** How far a payment has come. */
export type PaymentState =
  /** Called off before anything was paid. */
  | 'CANCELED'
  /** Paid. */
  | 'CAPTURED'
  /** The payer disputes it with their bank; refunds wait until that is decided. */
  | 'DISPUTED'
  /** Refused for good; it stands as a debt. */
  | 'FAILED'
  /** Nothing was sent to the payment provider yet. */
  | 'OWED'
  /** The money is on its way. */
  | 'PROCESSING'
  /** The bank wants the payer to confirm (3-D Secure). */
  | 'REQUIRES_ACTION'
  /** A card is needed: the first one, or another after a refusal. */
  | 'REQUIRES_PAYMENT'
  /** The provider was asked and we have not heard the outcome; it is being found out. */
  | 'UNKNOWN';

/** A half-open period: `startsAt` belongs to it, `endsAt` no longer does. */
export type PeriodInput = {
  /** The first instant after the period; later than `startsAt`. */
  endsAt: string;
  /** The first instant of the period. */
  startsAt: string;
};

/** What else a camera thought the plate could be. */
export type PlateCandidateInput = {
  /** How sure the camera is, 0 to 1. */
  confidence?: number | null | undefined;
  /** The plate’s characters. */
  text: string;
};

/** A licence plate as it is read on the vehicle. */
export type PlateInput = {
  /** Where it was issued. */
  country?: string | null | undefined;
  /** Letters and digits; case, spaces and hyphens do not matter. */
  text: string;
  /** What the vehicle is; CAR when absent. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** One reading of a plate. Upper or lower case, spaces and hyphens do not matter. */
export type PlateReadInput = {
  /** The camera’s own id of the car that stands there. Readings with the same id are one arrival. */
  arrivalKey?: string | null | undefined;
  /** Its other guesses, best first; the first four are looked at. */
  candidates?: Array<PlateCandidateInput> | null | undefined;
  /** How sure the camera is, 0 to 1; absent for a plate that a person typed. */
  confidence?: number | null | undefined;
  /** The country of the plate, if the camera knows. */
  country?: string | null | undefined;
  /** The plate’s characters as read or typed. */
  text: string;
};

/** What a person saw that the gates did not: exactly one of these. */
export type PresenceCorrectionInput =
  {   /** A vehicle is inside. */
  inside: MarkInsideInput; left?: never; }
  |  { inside?: never;   /** A visit is over. */
  left: MarkLeftInput; };

/** A stay to price by a published version or a draft. Neither: by the version in force. */
export type PriceForInput = {
  /** Discounts to try, at most 10. */
  discounts?: Array<TriedDiscountInput> | null | undefined;
  /** Whether another driver had to be moved because it stayed on. */
  displaced?: boolean | null | undefined;
  /** A draft, which need not name its currency. */
  document?: Record<string, unknown> | null | undefined;
  /** For a reserved stay whose promised period is `period`: when it came. Together with `leftAt`. */
  enteredAt?: string | null | undefined;
  /** For a reserved stay: when it left. */
  leftAt?: string | null | undefined;
  /** The lot. */
  lotId: string;
  /** Whether the vehicle has a monthly pass of the lot. */
  monthlyPassHolder?: boolean | null | undefined;
  /** What demand makes of the rates in percent, 0 to 1000. Not together with `occupancyPercent`. */
  multiplierPercent?: number | null | undefined;
  /** How full the lot is in percent, which the tariff turns into that. */
  occupancyPercent?: number | null | undefined;
  /** From arrival to departure, or the promised period; 400 days at most. */
  period: PeriodInput;
  /** The type of spot; STANDARD unless told. */
  spotType?: SpotType | null | undefined;
  /** A published version. Not together with `document`. */
  tariffId?: string | null | undefined;
  /** The vehicle; a usual car unless told. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** Which rule of the tariff a line of a price comes from. */
export type PriceRule =
  /** Blocks of time by the rate. */
  | 'BLOCK'
  /** What a stretch of time costs at most (a day): takes off what is above. */
  | 'CAP'
  /** For another driver who had to be moved. */
  | 'DISPLACED'
  /** Time before a reserved period. */
  | 'EARLY_ARRIVAL'
  /** So short that it is free. */
  | 'GRACE'
  /** The price of a stay whose entry nobody knows. */
  | 'LOST_CREDENTIAL'
  /** What a stay costs at most: takes off what is above. */
  | 'MAXIMUM'
  /** What a stay that is not free costs at least. */
  | 'MINIMUM'
  /** Time that a monthly pass covers. */
  | 'MONTHLY_PASS'
  /** More or less because the lot is full or empty. */
  | 'MULTIPLIER'
  /** A flat price that the stay fits. */
  | 'OFFER'
  /** Time after a reserved period. */
  | 'OVERSTAY'
  /** What a promotion code takes off. */
  | 'PROMO'
  /** What an earlier visit was charged that this one goes on from. */
  | 'REENTRY'
  /** To the amount that the lot rounds to. */
  | 'ROUNDING'
  /** Tax that comes on top of the amounts. */
  | 'TAX'
  /** What a merchant takes over. */
  | 'VALIDATION'
  /** What one part of the day costs at most (a night): takes off what is above. */
  | 'WINDOW_CAP';

/** New prices of a lot. */
export type PublishTariffInput = {
  /** The lot. */
  lotId: string;
  /** The whole tariff; nothing of the one before is kept. `version` and `currency` may be left out. */
  tariff: Record<string, unknown>;
};

/** What a price is wanted for. */
export type QuoteInput = {
  /** The lot. */
  lotId: string;
  /** The monthly pass of the signed-in driver to use: what it covers costs nothing. */
  monthlyPassId?: string | null | undefined;
  /** When. Starts at most five minutes ago; length and advance within the lot’s policy. */
  period: PeriodInput;
  /** A promo code, in any spelling of its letters. */
  promoCode?: string | null | undefined;
  /** Only this type; null: the first type that takes the vehicle and is free. */
  spotType?: SpotType | null | undefined;
  /** What vehicle it is; null: a usual car. Not together with `vehicleId`. */
  vehicleClass?: VehicleClass | null | undefined;
  /** One of the signed-in driver’s vehicles, instead of `vehicleClass`. */
  vehicleId?: string | null | undefined;
};

/** The latest refresh token of a login. */
export type RefreshLoginInput = {
  /** From the last sign-in or refresh. */
  refreshToken: string;
};

/** An operator sends money back to a card, beyond what any policy gives. */
export type RefundPaymentInput = {
  /** How much, in minor units; at most what is left of it. */
  amountMinor: number;
  /** The same key sends back once. */
  idempotencyKey: string;
  /** The payment, made by card. */
  paymentId: string;
  /** Why: it is recorded. */
  reason: string;
};

/** A new gate of a lot. */
export type RegisterGateInput = {
  /** Which way vehicles pass it. */
  direction: GateDirection;
  /** The lot. */
  lotId: string;
  /** What stands on it; unique in the lot. */
  name: string;
};

/** The vehicle to take off the list. */
export type RemoveVehicleInput = {
  /** A vehicle of the signed-in driver. */
  vehicleId: string;
};

/** How far a reservation has come. EXPIRED, CANCELLED and COMPLETED are final. */
export type ReservationState =
  /** Called off; the spot was let go. */
  | 'CANCELLED'
  /** The vehicle is inside. */
  | 'CHECKED_IN'
  /** The vehicle has left. */
  | 'COMPLETED'
  /** Paid: the driver may come. */
  | 'CONFIRMED'
  /** Nobody paid in time; the spot was let go. */
  | 'EXPIRED'
  /** The spot is kept until `holdExpiresAt` while the driver pays. */
  | 'HELD'
  /** Nobody came in time; the spot was let go. */
  | 'NO_SHOW';

/** What to hold. */
export type ReserveSpotInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The lot. */
  lotId: string;
  /** The driver’s own monthly pass to use. With a quote: the one that was quoted; it need not be said again. */
  monthlyPassId?: string | null | undefined;
  /** When. Within the lot’s policy for length and for how far ahead. */
  period: PeriodInput;
  /** A promo code, in any spelling of its letters. With a quote: the one that was quoted; it need not be said again. */
  promoCode?: string | null | undefined;
  /** The quote whose price is wanted. Absent: the price of this moment. */
  quoteId?: string | null | undefined;
  /** Only this spot, and it will not be exchanged. */
  spotId?: string | null | undefined;
  /** Only this type. Absent: the best that takes the vehicle. */
  spotType?: SpotType | null | undefined;
  /** Who comes. */
  vehicle: VehicleRefInput;
};

/** Staff have dealt with an incident. */
export type ResolveIncidentInput = {
  /** What was done. */
  action?: IncidentAction | null | undefined;
  /** Which. */
  incidentId: string;
  /** How it ended; it is recorded with your name. */
  reason: string;
};

/** The device whose key ends. */
export type RevokeDeviceKeyInput = {
  /** The device. */
  deviceId: string;
};

/** One of the two steps of saving a card. */
export type SavePaymentMethodInput = {
  /** Absent in the first step. In the second, the card that the first one gave the driver’s device (`pm_…`). */
  paymentMethodId?: string | null | undefined;
};

/** Drivers and staff sign in alike. Five wrong guesses a minute for one account. */
export type SignInInput = {
  /** In any case. */
  email: string;
  /** The password. */
  password: string;
};

/** Any refresh token of the login to end. */
export type SignOutInput = {
  /** From the last sign-in or refresh. */
  refreshToken: string;
};

/** A new driver. Staff are invited instead. */
export type SignUpInput = {
  /** What they will sign in with. */
  email: string;
  /** The language of what we send them; English when not told. */
  locale?: string | null | undefined;
  /** Their name, 1 to 100 characters. */
  name: string;
  /** 10 to 200 characters, not made of the e-mail address. */
  password: string;
};

/** What a person says of a spot. */
export type SpotSight =
  /** Nothing stands on it. */
  | 'FREE'
  /** Something stands on it. */
  | 'OCCUPIED'
  /** Its sensors are not to be believed. */
  | 'UNKNOWN';

/** How a spot stands at this moment. */
export type SpotState =
  /** Nobody has claimed it for now, and nothing is sensed on it. */
  | 'FREE'
  /** A vehicle is on it, by its entry or by what is sensed. */
  | 'OCCUPIED'
  /** It is closed. */
  | 'OUT_OF_SERVICE'
  /** It is kept for a reservation whose vehicle is not there yet. */
  | 'RESERVED';

/** What kind of spot it is: what is sold and counted. */
export type SpotType =
  /** Wide and near the entrance, for holders of an accessible permit. */
  | 'ACCESSIBLE'
  /** For buses and trucks. */
  | 'BUS'
  /** Shorter and narrower than usual. */
  | 'COMPACT'
  /** With a charger. */
  | 'EV'
  /** For vans and large cars. */
  | 'LARGE'
  /** For two wheels. */
  | 'MOTORCYCLE'
  /** For a usual car. */
  | 'STANDARD';

/** What staff did by hand. */
export type StaffAct =
  /** An incident was settled. */
  | 'INCIDENT_RESOLVED'
  /** The list of who should be inside was made. */
  | 'INSIDE_LIST_PRINTED'
  /** A reservation was called off for its driver. */
  | 'RESERVATION_CANCELLED'
  /** A person said whether a spot is occupied, whatever its sensors say. */
  | 'SPOT_OVERRIDDEN'
  /** The sensors of a spot count again. */
  | 'SPOT_OVERRIDE_ENDED'
  /** A vehicle was written down as gone. */
  | 'STAY_MARKED_LEFT'
  /** A vehicle was written down as inside. */
  | 'VEHICLE_MARKED_INSIDE'
  /** A plate was put on the watch list. */
  | 'WATCH_ADDED'
  /** A plate was taken off the watch list. */
  | 'WATCH_ENDED'
  /** The watch list was read. */
  | 'WATCH_LIST_READ';

/** What a member of staff may do. */
export type StaffRole =
  /** Runs the installation, with every operator and lot. */
  | 'ADMIN'
  /** Watches lanes, opens gates with a reason, helps drivers; within their lots. */
  | 'ATTENDANT'
  /** Runs lots: spots, prices, gates, devices, staff, refunds; within their lots. */
  | 'OPERATOR';

/** Which visit is meant: exactly one of these. */
export type StayRefInput =
  {   /** Its id, from the gate’s answer. */
  stayId: string; ticket?: never; }
  |  { stayId?: never;   /** The ticket of a walk-in. */
  ticket: TicketInput; };

/** Where the vehicle is. */
export type StayState =
  /** In the lot. */
  | 'INSIDE'
  /** Gone. */
  | 'LEFT';

/** Two tariffs of one lot to compare. */
export type TariffDifferenceInput = {
  /** The version to compare with; null: the one in force. */
  fromTariffId?: string | null | undefined;
  /** The lot. */
  lotId: string;
  /** The type of spot of the sample stays; STANDARD unless told. */
  spotType?: SpotType | null | undefined;
  /** A draft as the other one. */
  toDocument?: Record<string, unknown> | null | undefined;
  /** The other version. Either this or `toDocument`. */
  toTariffId?: string | null | undefined;
  /** Their vehicle; a usual car unless told. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** A walk-in’s ticket. */
export type TicketInput = {
  /** The code on the ticket. */
  code: string;
  /** The lot. */
  lotId: string;
};

/** Minutes that are not charged. */
export type TimeDiscountInput = {
  /** Which ones. */
  meaning: TimeMeaning;
  /** How many, at most 10080 (a week). */
  minutes: number;
};

/** Which minutes a discount of time takes off. */
export type TimeMeaning =
  /** The last ones: as if it had left so much earlier. */
  | 'EARLIER_DEPARTURE'
  /** The first ones: as if the vehicle had come so much later. */
  | 'LATER_ARRIVAL'
  /** The first or the last ones, whichever leaves the lower price. */
  | 'LOWEST_PRICE';

/** A discount that a price is tried with. */
export type TriedDiscountInput = {
  /** What it is. */
  kind: TriedDiscountKind;
  /** For TIME: what they mean; LOWEST_PRICE unless told. */
  meaning?: TriedTimeMeaning | null | undefined;
  /** For MONEY: the amount in minor units. */
  minor?: number | null | undefined;
  /** For TIME: how many minutes. */
  minutes?: number | null | undefined;
  /** What its line is called. */
  name: string;
  /** For PERCENT: 0 to 100. */
  percent?: number | null | undefined;
  /** Where it comes from. */
  source: TriedDiscountSource;
};

/** What a discount is that a price is tried with. */
export type TriedDiscountKind =
  /** An amount: `minor`. */
  | 'MONEY'
  /** A share: `percent`. */
  | 'PERCENT'
  /** Time: `minutes` and `meaning`. */
  | 'TIME';

/** Where a discount comes from that a price is tried with. */
export type TriedDiscountSource =
  /** A promotion code. */
  | 'PROMO'
  /** A merchant. */
  | 'VALIDATION';

/** What a discount in time means. */
export type TriedTimeMeaning =
  /** As if it had left so much earlier. */
  | 'EARLIER_DEPARTURE'
  /** As if the vehicle had come so much later. */
  | 'LATER_ARRIVAL'
  /** Whichever of the other two is cheaper. */
  | 'LOWEST_PRICE';

/** What is to change of a gate; what is left out stays. */
export type UpdateGateInput = {
  /** The gate. */
  gateId: string;
  /** Whether it is in use. One that is not lets nobody in, and lets out whoever is there. */
  inService?: boolean | null | undefined;
  /** What stands on it; unique in the lot. */
  name?: string | null | undefined;
};

/** What is to change of a merchant; what is left out stays. */
export type UpdateMerchantInput = {
  /** How many validations it may give in a month; null: no limit. */
  budgetCount?: number | null | undefined;
  /** What it may give in a month, in minor units; null: no limit. */
  budgetMinor?: number | null | undefined;
  /** Whether it no longer validates; what it has given stays. */
  ended?: boolean | null | undefined;
  /** The merchant. */
  merchantId: string;
  /** What one validation costs it at most, in minor units. */
  mostMinor?: number | null | undefined;
  /** How many of its validations one stay may have, 1 to 10. */
  perStay?: number | null | undefined;
  /** Whether they stand beside those of other merchants. */
  stackable?: boolean | null | undefined;
};

/** What a member of staff may do from now on, and where. */
export type UpdateStaffInput = {
  /** The only lots they serve; left out: all of the operator, also those to come. */
  lotIds?: Array<string> | null | undefined;
  /** What they may do; nobody becomes an ADMIN this way. */
  role: StaffRole;
  /** The member of staff. */
  staffId: string;
};

/** Why something was refused. When several reasons hold, the first of this order is told. */
export type UserErrorCode =
  /** The account has a reservation that is not over, owes money, or has a monthly pass. */
  | 'ACCOUNT_IN_USE'
  /** What the merchant may give this month is used up. */
  | 'BUDGET_USED_UP'
  /** The code is in use. */
  | 'CODE_TAKEN'
  /** E-mail address or password is wrong. */
  | 'CREDENTIALS_INVALID'
  /** There is no such debt, or it is not open any more. */
  | 'DEBT_NOT_FOUND'
  /** There is no such device in your lots. */
  | 'DEVICE_NOT_FOUND'
  /** There is an account with this e-mail address. */
  | 'EMAIL_TAKEN'
  /** There is no such gate in your lot. */
  | 'GATE_NOT_FOUND'
  /** The reservation was not paid in time and has been let go: reserve again. */
  | 'HOLD_LAPSED'
  /** The idempotency key was used for another request: make a new one. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** There is no such incident in your lots. */
  | 'INCIDENT_NOT_FOUND'
  /** A value is out of range; `field` says which. */
  | 'INVALID_INPUT'
  /** The lot does not take vehicles at that time. */
  | 'LOT_CLOSED'
  /** There is no such lot. */
  | 'LOT_NOT_FOUND'
  /** There is no such merchant in your lots, or it no longer validates. */
  | 'MERCHANT_NOT_FOUND'
  /** There is no such monthly pass, or it is not yours, or it is over. */
  | 'MONTHLY_PASS_NOT_FOUND'
  /** The monthly pass has covered all the stays of this month that it may cover. */
  | 'MONTHLY_PASS_USED_UP'
  /** The name is in use here. */
  | 'NAME_TAKEN'
  /** There is nothing to pay. */
  | 'NOTHING_DUE'
  /** Your role or your lots do not allow this. */
  | 'NOT_ALLOWED'
  /** There is no such thing, or it is not yours to see. */
  | 'NOT_FOUND'
  /** The password is too short or too common. */
  | 'PASSWORD_TOO_WEAK'
  /** The bank wants the payer to confirm the payment. */
  | 'PAYMENT_ACTION_REQUIRED'
  /** The card was declined: use another one. */
  | 'PAYMENT_DECLINED'
  /** The payment provider will never take this payment (its amount is too small for a card): another card does not help. */
  | 'PAYMENT_IMPOSSIBLE'
  /** It has to be paid first. */
  | 'PAYMENT_REQUIRED'
  /** The payment provider does not answer: try again in a minute. */
  | 'PAYMENT_UNAVAILABLE'
  /** The period ends before it begins. */
  | 'PERIOD_BACKWARDS'
  /** The period begins in the past. */
  | 'PERIOD_IN_PAST'
  /** The lot does not sell that far ahead yet. */
  | 'PERIOD_TOO_FAR_AHEAD'
  /** The lot sells no period as long as this. */
  | 'PERIOD_TOO_LONG'
  /** The lot sells no period as short as this. */
  | 'PERIOD_TOO_SHORT'
  /** The text is no licence plate: 2 to 12 letters and digits. */
  | 'PLATE_INVALID'
  /** The policy breaks a rule; the message says which. */
  | 'POLICY_INVALID'
  /** The promo code is no longer valid. */
  | 'PROMO_CODE_EXPIRED'
  /** The promo code is not for this lot, time, price or driver; the message says which. */
  | 'PROMO_CODE_NOT_APPLICABLE'
  /** There is no such promo code. */
  | 'PROMO_CODE_UNKNOWN'
  /** The promo code has been used as often as it may be, by everybody or by this driver. */
  | 'PROMO_CODE_USED_UP'
  /** The quote is too old: ask for a new one. */
  | 'QUOTE_EXPIRED'
  /** The quote is not ours or belongs to another request. */
  | 'QUOTE_INVALID'
  /** Say why: it is recorded. */
  | 'REASON_REQUIRED'
  /** The repricing has not ended yet: wait, or call it off. */
  | 'REPRICING_RUNNING'
  /** There is no such reservation, or it is not yours. */
  | 'RESERVATION_NOT_FOUND'
  /** The reservation is past the state in which this can be done. */
  | 'RESERVATION_STATE'
  /** What the earlier scan led to cannot be changed any more: the vehicle has left, has paid, or was corrected before. */
  | 'SCAN_NOT_CORRECTABLE'
  /** There is no such sensor in your lots. */
  | 'SENSOR_NOT_FOUND'
  /** There is no such shift of yours, or it is over. */
  | 'SHIFT_NOT_FOUND'
  /** There is an open shift already: close it first. */
  | 'SHIFT_OPEN'
  /** There are reservations or vehicles on the spots. */
  | 'SPOTS_IN_USE'
  /** The vehicle does not fit such a spot. */
  | 'SPOT_DOES_NOT_FIT'
  /** There is no such spot. */
  | 'SPOT_NOT_FOUND'
  /** The spot belongs to another lot. */
  | 'SPOT_OF_ANOTHER_LOT'
  /** The spot is closed. */
  | 'SPOT_OUT_OF_SERVICE'
  /** No fitting spot is free for the whole period. */
  | 'SPOT_UNAVAILABLE'
  /** There is no such stay, or it is over. */
  | 'STAY_NOT_FOUND'
  /** The tariff breaks a rule; the message says which. */
  | 'TARIFF_INVALID'
  /** The token is expired, used or not ours: sign in again. */
  | 'TOKEN_INVALID'
  /** Too many attempts: wait a minute. */
  | 'TOO_MANY_ATTEMPTS'
  /** The stay has as many validations as it may have, or one that stands alone. */
  | 'VALIDATION_LIMIT'
  /** There is no such vehicle in your account. */
  | 'VEHICLE_NOT_FOUND';

/** What a vehicle is. Decides which spot types take it. */
export type VehicleClass =
  /** A bus or a camper. */
  | 'BUS'
  /** A usual car. */
  | 'CAR'
  /** A car that charges. */
  | 'ELECTRIC_CAR'
  /** Two wheels. */
  | 'MOTORCYCLE'
  /** A car that fits a compact spot. */
  | 'SMALL_CAR'
  /** A truck. */
  | 'TRUCK'
  /** A van or another large car. */
  | 'VAN';

/** Which vehicle: one of the account, or any by its plate. */
export type VehicleRefInput =
  {   /** A vehicle that stands in no account. */
  plate: PlateInput; vehicleId?: never; }
  |  { plate?: never;   /** A vehicle of the driver’s account. */
  vehicleId: string; };

/** A day of the week. */
export type Weekday =
  /** The fifth day. */
  | 'FRIDAY'
  /** The first day. */
  | 'MONDAY'
  /** The sixth day. */
  | 'SATURDAY'
  /** The seventh day. */
  | 'SUNDAY'
  /** The fourth day. */
  | 'THURSDAY'
  /** The second day. */
  | 'TUESDAY'
  /** The third day. */
  | 'WEDNESDAY';

/** What goes off sale. */
export type WithdrawMonthlyPassInput = {
  /** The monthly pass on sale. */
  productId: string;
};

export type AppViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type AppViewerQuery = { viewer:
    | { __typename: 'Device' }
    | { __typename: 'Driver', id: string, name: string, email: string, locale: string, createdAt: string, savedPaymentMethodId: string | null, automaticPayment: { givenAt: string, limit: { amountMinor: number, currency: string } } | null, vehicles: Array<{ id: string, plate: string, plateCountry: string | null, nickname: string | null, vehicleClass: VehicleClass }> }
    | { __typename: 'StaffMember' }
   | null };

export type AppDebtsQueryVariables = Exact<{ [key: string]: never; }>;


export type AppDebtsQuery = { debts: { nodes: Array<{ id: string, reason: DebtReason, createdAt: string, payUrl: string | null, left: { amountMinor: number, currency: string }, lot: { name: string, timeZone: string } }> } };

export type AppSignUpMutationVariables = Exact<{
  input: SignUpInput;
}>;


export type AppSignUpMutation = { signUp: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppAddVehicleMutationVariables = Exact<{
  input: AddVehicleInput;
}>;


export type AppAddVehicleMutation = { addVehicle: { vehicle: { id: string, plate: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppRemoveVehicleMutationVariables = Exact<{
  input: RemoveVehicleInput;
}>;


export type AppRemoveVehicleMutation = { removeVehicle: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppSaveCardMutationVariables = Exact<{
  input: SavePaymentMethodInput;
}>;


export type AppSaveCardMutation = { savePaymentMethod: { clientSecret: string | null, savedPaymentMethodId: string | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppRemoveCardMutationVariables = Exact<{ [key: string]: never; }>;


export type AppRemoveCardMutation = { removePaymentMethod: { removed: boolean | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppDeleteAccountMutationVariables = Exact<{
  input: DeleteAccountInput;
}>;


export type AppDeleteAccountMutation = { deleteAccount: { deleted: boolean | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppLotQueryVariables = Exact<{
  code: string;
}>;


export type AppLotQuery = { lot: { id: string, code: string, name: string, address: string, state: LotState, timeZone: string, currency: string, openingHours: { alwaysOpen: boolean, windows: Array<{ day: Weekday, opens: string, closes: string }> }, capacity: Array<{ spotType: SpotType, total: number }> } | null };

export type AppPriceFragment = { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> };

export type AppPolicyFragment = { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } };

export type AppAlternativeFragment = { kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } };

export type AppQuoteQueryVariables = Exact<{
  input: QuoteInput;
}>;


export type AppQuoteQuery = { quote: { quote: { id: string, available: boolean, expiresAt: string, spotType: SpotType, spotsFree: number, vehicleClass: VehicleClass, period: { startsAt: string, endsAt: string }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, policy: { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } }, cardConsent: { noShowMax: { amountMinor: number, currency: string } }, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppReserveMutationVariables = Exact<{
  input: ReserveSpotInput;
}>;


export type AppReserveMutation = { reserveSpot: { reservation: { id: string, code: string, state: ReservationState, holdExpiresAt: string, price: { total: { amountMinor: number, currency: string } } } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppCompleteMutationVariables = Exact<{
  input: CompleteReservationInput;
}>;


export type AppCompleteMutation = { completeReservation: { reservation: { id: string, state: ReservationState } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', clientSecret: string | null, code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppFreeByTypeSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type AppFreeByTypeSubscription = { availability: { lotId: string, byType: Array<{ spotType: SpotType, free: number | null }> } };

export type AppReservationRowFragment = { id: string, code: string, state: ReservationState, plate: string, createdAt: string, period: { startsAt: string, endsAt: string }, price: { total: { amountMinor: number, currency: string } }, lot: { id: string, code: string, name: string, timeZone: string } };

export type AppReservationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AppReservationsQuery = { reservations: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, code: string, state: ReservationState, plate: string, createdAt: string, period: { startsAt: string, endsAt: string }, price: { total: { amountMinor: number, currency: string } }, lot: { id: string, code: string, name: string, timeZone: string } }> } };

export type AppPaymentFragment = { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } };

export type AppReservationFragment = { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> };

export type AppReservationMoneyFragment = { fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> };

export type AppReservationQueryVariables = Exact<{
  id: string;
}>;


export type AppReservationQuery = { reservation: { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> } | null };

export type AppReservationLiveSubscriptionVariables = Exact<{
  id: string;
}>;


export type AppReservationLiveSubscription = { reservation: { id: string, state: ReservationState, plate: string, checkedInAt: string | null, completedAt: string | null, period: { startsAt: string, endsAt: string }, spot: { label: string } } };

export type AppLeavingNowQueryVariables = Exact<{
  id: string;
  endsAt: string;
}>;


export type AppLeavingNowQuery = { reservation: { id: string, refundIfLeavingNow: { amountMinor: number, currency: string } | null, dueIfLeavingNow: { amountMinor: number, currency: string } | null, priceIfEndingAt: { total: { amountMinor: number, currency: string } } | null } | null };

export type AppPriceIfEndingQueryVariables = Exact<{
  id: string;
  endsAt: string;
}>;


export type AppPriceIfEndingQuery = { reservation: { id: string, priceIfEndingAt: { total: { amountMinor: number, currency: string } } | null } | null };

export type AppPriceIfExtendedQueryVariables = Exact<{
  id: string;
  soon: string;
  later: string;
  latest: string;
}>;


export type AppPriceIfExtendedQuery = { reservation: { id: string, soon: { total: { amountMinor: number, currency: string } } | null, later: { total: { amountMinor: number, currency: string } } | null, latest: { total: { amountMinor: number, currency: string } } | null } | null };

export type AppChangeMutationVariables = Exact<{
  input: ChangeReservationInput;
}>;


export type AppChangeMutation = { changeReservation: { reservation: { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', clientSecret: string | null, code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppCancelMutationVariables = Exact<{
  input: CancelReservationInput;
}>;


export type AppCancelMutation = { cancelReservation: { refund: { amountMinor: number, currency: string } | null, reservation: { id: string, state: ReservationState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppReceiptsMutationVariables = Exact<{
  input: IssueReceiptsInput;
}>;


export type AppReceiptsMutation = { issueReceipts: { receipts: Array<{ id: string, number: string, isRefund: boolean, issuedAt: string, url: string, pdfUrl: string, total: { amountMinor: number, currency: string } }> | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppLateMutationVariables = Exact<{
  input: AnnounceLateArrivalInput;
}>;


export type AppLateMutation = { announceLateArrival: { reservation: { id: string, graceEndsAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppChangeVehicleMutationVariables = Exact<{
  input: ChangeVehicleInput;
}>;


export type AppChangeVehicleMutation = { changeVehicle: { reservation: { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, lateNoticeMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppLotsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  near?: GeoPointInput | null | undefined;
  radiusMeters: number;
  period?: PeriodInput | null | undefined;
  spotType?: SpotType | null | undefined;
  text?: string | null | undefined;
  heightCm?: number | null | undefined;
}>;


export type AppLotsQuery = { lots: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ distanceMeters: number | null, spotsFree: number | null, price: { total: { amountMinor: number, currency: string } } | null, node: { id: string, code: string, name: string, address: string, timeZone: string, location: { latitude: number, longitude: number }, capacity: Array<{ spotType: SpotType, total: number }> } }> } };

export type AppFreeSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type AppFreeSubscription = { availability: { lotId: string, free: number, total: number, asOf: string } };

export type BoardSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type BoardSubscription = { availability: { version: number, free: number, byLevel: Array<{ levelId: string, free: number }> } };

export type ConsoleAuditQueryVariables = Exact<{
  lot: string;
  acts?: Array<StaffAct> | StaffAct | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleAuditQuery = { lot: { id: string, auditTrail: { edges: Array<{ cursor: string, node: { act: StaffAct, createdAt: string, reason: string, by: { id: string, name: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleDevicesQueryVariables = Exact<{
  lot: string;
}>;


export type ConsoleDevicesQuery = { lot: { id: string, gates: Array<{ id: string, name: string, direction: GateDirection, inService: boolean }>, devices: Array<{ id: string, name: string, role: DeviceRole, gateId: string | null, createdAt: string, revokedAt: string | null, lastSeenAt: string | null }>, spots: { nodes: Array<{ id: string, label: string, sensors: Array<{ id: string, serial: string, heardAt: string | null, isSilent: boolean, batteryPercent: number | null, lostTotal: number }> }> } } | null };

export type ConsoleIssueKeyMutationVariables = Exact<{
  input: IssueDeviceKeyInput;
}>;


export type ConsoleIssueKeyMutation = { issueDeviceKey: { key: string | null, cloudKey: string | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleRevokeKeyMutationVariables = Exact<{
  input: RevokeDeviceKeyInput;
}>;


export type ConsoleRevokeKeyMutation = { revokeDeviceKey: { device: { id: string, revokedAt: string | null } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleRegisterGateMutationVariables = Exact<{
  input: RegisterGateInput;
}>;


export type ConsoleRegisterGateMutation = { registerGate: { gate: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleUpdateGateMutationVariables = Exact<{
  input: UpdateGateInput;
}>;


export type ConsoleUpdateGateMutation = { updateGate: { gate: { id: string, inService: boolean } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleViewerQuery = { viewer:
    | { __typename: 'Device' }
    | { __typename: 'Driver' }
    | { __typename: 'StaffMember', id: string, name: string, email: string, role: StaffRole }
   | null };

export type ConsoleLotsQueryVariables = Exact<{
  text?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleLotsQuery = { servedLots: { nodes: Array<{ id: string, code: string, name: string, address: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleLotQueryVariables = Exact<{
  code: string;
}>;


export type ConsoleLotQuery = { lot: { id: string, code: string, name: string, timeZone: string, currency: string, state: LotState, levels: Array<{ id: string, name: string, ordinal: number }>, gates: Array<{ id: string, name: string, direction: GateDirection, inService: boolean }> } | null };

export type ConsoleHomeQueryVariables = Exact<{
  isOperator: boolean;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleHomeQuery = { overview: { lots: number, spotsTotal: number, spotsFree: number, arrivalsSoon: number, noShows: number, noShowsWeekBefore: number, openIncidents: number, urgentIncidents: number, gateP95Ms: number | null, byType: Array<{ spotType: SpotType, total: number, free: number | null }>, takings?: Array<{ today: { amountMinor: number, currency: string }, weekBefore: { amountMinor: number, currency: string } }> }, servedLots: { nodes: Array<{ id: string, code: string, name: string, state: LotState, timeZone: string, availability: { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> }, today: { arrivalsSoon: number, noShows: number, noShowsWeekBefore: number, openIncidents: number, urgentIncidents: number }, takings?: { today: { amountMinor: number, currency: string }, weekBefore: { amountMinor: number, currency: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleLotHomeQueryVariables = Exact<{
  isOperator: boolean;
  code: string;
}>;


export type ConsoleLotHomeQuery = { lot: { id: string, code: string, name: string, state: LotState, timeZone: string, availability: { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> }, today: { arrivalsSoon: number, noShows: number, noShowsWeekBefore: number, openIncidents: number, urgentIncidents: number }, takings?: { today: { amountMinor: number, currency: string }, weekBefore: { amountMinor: number, currency: string } } } | null };

export type LotTodayFragment = { id: string, code: string, name: string, state: LotState, timeZone: string, availability: { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> }, today: { arrivalsSoon: number, noShows: number, noShowsWeekBefore: number, openIncidents: number, urgentIncidents: number }, takings?: { today: { amountMinor: number, currency: string }, weekBefore: { amountMinor: number, currency: string } } };

export type LotCountsFragment = { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> };

export type ConsoleCountsSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type ConsoleCountsSubscription = { availability: { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> } };

export type ConsoleIncidentFragment = { id: string, kind: IncidentKind, severity: IncidentSeverity, state: IncidentState, note: string | null, imageRef: string | null, createdAt: string, stay: { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null } | null, gate: { id: string, name: string } | null, spot: { label: string } | null, reservation: { id: string, code: string } | null };

export type ConsoleLanesQueryVariables = Exact<{
  lot: string;
  first: number;
}>;


export type ConsoleLanesQuery = { lot: { id: string, urgent: { nodes: Array<{ id: string, kind: IncidentKind, severity: IncidentSeverity, state: IncidentState, note: string | null, imageRef: string | null, createdAt: string, stay: { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null } | null, gate: { id: string, name: string } | null, spot: { label: string } | null, reservation: { id: string, code: string } | null }> }, incidents: { nodes: Array<{ id: string, kind: IncidentKind, severity: IncidentSeverity, state: IncidentState, note: string | null, imageRef: string | null, createdAt: string, stay: { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null } | null, gate: { id: string, name: string } | null, spot: { label: string } | null, reservation: { id: string, code: string } | null }>, pageInfo: { hasNextPage: boolean } } } | null };

export type ConsoleScanFragment = { gateId: string, operation: GateOperation, decision: { scanId: string, action: GateAction, reason: GateReason, displayText: string, reservationCode: string | null, spotLabel: string | null, decidedAt: string, due: { amountMinor: number, currency: string } | null } };

export type ConsoleScansQueryVariables = Exact<{
  lot: string;
  first: number;
  locale: string;
}>;


export type ConsoleScansQuery = { lot: { id: string, scans: Array<{ gateId: string, operation: GateOperation, decision: { scanId: string, action: GateAction, reason: GateReason, displayText: string, reservationCode: string | null, spotLabel: string | null, decidedAt: string, due: { amountMinor: number, currency: string } | null } }> } | null };

export type ConsoleGateActivitySubscriptionVariables = Exact<{
  lot: string;
  locale: string;
}>;


export type ConsoleGateActivitySubscription = { gateActivity: { gateId: string, operation: GateOperation, decision: { scanId: string, action: GateAction, reason: GateReason, displayText: string, reservationCode: string | null, spotLabel: string | null, decidedAt: string, due: { amountMinor: number, currency: string } | null } } };

export type ConsoleAlertsSubscriptionVariables = Exact<{
  lot: string;
}>;


export type ConsoleAlertsSubscription = { alerts: { change: AlertChange, incident: { id: string, kind: IncidentKind, severity: IncidentSeverity, state: IncidentState, note: string | null, imageRef: string | null, createdAt: string, stay: { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null } | null, gate: { id: string, name: string } | null, spot: { label: string } | null, reservation: { id: string, code: string } | null } } };

export type ConsoleResolveMutationVariables = Exact<{
  input: ResolveIncidentInput;
}>;


export type ConsoleResolveMutation = { resolveIncident: { incident: { id: string, state: IncidentState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleOpenGateMutationVariables = Exact<{
  input: OpenGateInput;
}>;


export type ConsoleOpenGateMutation = { openGate: { decision: { action: GateAction } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleTicketQueryVariables = Exact<{
  ref: StayRefInput;
}>;


export type ConsoleTicketQuery = { stay: { paidUntil: string | null, id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null, due: { amountMinor: number, currency: string } } | null };

export type ConsoleLotListQueryVariables = Exact<{
  text?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleLotListQuery = { servedLots: { nodes: Array<{ id: string, code: string, name: string, address: string, state: LotState, availability: { lotId: string, version: number, total: number, free: number, byType: Array<{ spotType: SpotType, total: number, free: number | null }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleSpotsQueryVariables = Exact<{
  lot: string;
  level: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleSpotsQuery = { lot: { id: string, spots: { nodes: Array<{ id: string, label: string, spotType: SpotType, state: SpotState | null, override: { sight: SpotSight } | null, sensors: Array<{ isSilent: boolean }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleSpotQueryVariables = Exact<{
  id: string;
}>;


export type ConsoleSpotQuery = { node:
    | { __typename: 'Debt' }
    | { __typename: 'Device' }
    | { __typename: 'Driver' }
    | { __typename: 'Gate' }
    | { __typename: 'Incident' }
    | { __typename: 'Level' }
    | { __typename: 'Lot' }
    | { __typename: 'Merchant' }
    | { __typename: 'MonthlyPass' }
    | { __typename: 'MonthlyPassProduct' }
    | { __typename: 'Payment' }
    | { __typename: 'PromoCode' }
    | { __typename: 'Receipt' }
    | { __typename: 'Repricing' }
    | { __typename: 'Reservation' }
    | { __typename: 'Sensor' }
    | { __typename: 'Shift' }
    | { __typename: 'Spot', id: string, label: string, spotType: SpotType, state: SpotState | null, inService: boolean, sensedOccupied: boolean | null, maxHeightCm: number | null, maxLengthCm: number | null, directions: string | null, sensors: Array<{ id: string, serial: string, occupied: boolean | null, since: string | null, isSilent: boolean, batteryPercent: number | null }>, override: { sight: SpotSight, reason: string, expiresAt: string } | null, reservation: { id: string, code: string, plate: string, state: ReservationState, period: { startsAt: string, endsAt: string } } | null }
    | { __typename: 'Stay' }
    | { __typename: 'Tariff' }
    | { __typename: 'Validation' }
    | { __typename: 'Vehicle' }
   | null };

export type ConsoleCloseSpotsMutationVariables = Exact<{
  input: CloseSpotsInput;
}>;


export type ConsoleCloseSpotsMutation = { closeSpots: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleOpenSpotsMutationVariables = Exact<{
  input: OpenSpotsInput;
}>;


export type ConsoleOpenSpotsMutation = { openSpots: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleOverrideSpotMutationVariables = Exact<{
  input: OverrideSpotInput;
}>;


export type ConsoleOverrideSpotMutation = { overrideSpot: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleEndSpotOverrideMutationVariables = Exact<{
  input: EndSpotOverrideInput;
}>;


export type ConsoleEndSpotOverrideMutation = { endSpotOverride: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleOffersQueryVariables = Exact<{
  lot: string;
}>;


export type ConsoleOffersQuery = { promoCodes: { nodes: Array<{ id: string, code: string, uses: number, maxUses: number | null, validUntil: string | null, endedAt: string | null, discount: { kind: DiscountKind, percent: number | null, minutes: number | null, amount: { amountMinor: number, currency: string } | null } }>, pageInfo: { hasNextPage: boolean } }, monthlyPassProducts: Array<{ id: string, name: string, mostPlates: number, usesPerMonth: number | null, price: { amountMinor: number, currency: string } }>, lotMonthlyPasses: { nodes: Array<{ id: string, name: string, state: MonthlyPassState, renews: boolean, period: { endsAt: string } }>, pageInfo: { hasNextPage: boolean } }, merchants: { nodes: Array<{ id: string, name: string, given: number, endedAt: string | null, most: { amountMinor: number, currency: string }, spent: { amountMinor: number, currency: string }, budget: { amountMinor: number, currency: string } | null }>, pageInfo: { hasNextPage: boolean } } };

export type ConsoleCreatePromoCodeMutationVariables = Exact<{
  input: CreatePromoCodeInput;
}>;


export type ConsoleCreatePromoCodeMutation = { createPromoCode: { promoCode: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleEndPromoCodeMutationVariables = Exact<{
  input: EndPromoCodeInput;
}>;


export type ConsoleEndPromoCodeMutation = { endPromoCode: { promoCode: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleOfferPassMutationVariables = Exact<{
  input: OfferMonthlyPassInput;
}>;


export type ConsoleOfferPassMutation = { offerMonthlyPass: { product: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleWithdrawPassMutationVariables = Exact<{
  input: WithdrawMonthlyPassInput;
}>;


export type ConsoleWithdrawPassMutation = { withdrawMonthlyPass: { product: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleCreateMerchantMutationVariables = Exact<{
  input: CreateMerchantInput;
}>;


export type ConsoleCreateMerchantMutation = { createMerchant: { merchant: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleEndMerchantMutationVariables = Exact<{
  input: UpdateMerchantInput;
}>;


export type ConsoleEndMerchantMutation = { updateMerchant: { merchant: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleReportQueryVariables = Exact<{
  lot: string;
  from: string;
  through: string;
  fromBefore: string;
  throughBefore: string;
}>;


export type ConsoleReportQuery = { lot: { id: string, report: { spots: number, days: Array<{ day: string, occupancyPercent: number | null, entries: number, reservations: number, noShows: number, taken: { amountMinor: number, currency: string } }>, hours: Array<{ weekday: number, hour: number, occupancyPercent: number | null, entries: number, days: number }>, durations: Array<{ fromMinutes: number, untilMinutes: number | null, stays: number }> }, before: { spots: number, days: Array<{ day: string, occupancyPercent: number | null, entries: number, reservations: number, noShows: number, taken: { amountMinor: number, currency: string } }> } } | null };

export type ReportFactsFragment = { spots: number, days: Array<{ day: string, occupancyPercent: number | null, entries: number, reservations: number, noShows: number, taken: { amountMinor: number, currency: string } }>, hours: Array<{ weekday: number, hour: number, occupancyPercent: number | null, entries: number, days: number }>, durations: Array<{ fromMinutes: number, untilMinutes: number | null, stays: number }> };

export type ReportOfDayFragment = { day: string, occupancyPercent: number | null, entries: number, reservations: number, noShows: number, taken: { amountMinor: number, currency: string } };

export type ListedReservationFragment = { id: string, code: string, state: ReservationState, plate: string, period: { startsAt: string, endsAt: string }, spot: { label: string }, lot: { id: string, code: string, name: string, timeZone: string }, price: { total: { amountMinor: number, currency: string } } };

export type ConsoleReservationsQueryVariables = Exact<{
  lot: string;
  states?: Array<ReservationState> | ReservationState | null | undefined;
  startsFrom: string;
  startsUntil: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleReservationsQuery = { lot: { id: string, reservations: { nodes: Array<{ id: string, code: string, state: ReservationState, plate: string, period: { startsAt: string, endsAt: string }, spot: { label: string }, lot: { id: string, code: string, name: string, timeZone: string }, price: { total: { amountMinor: number, currency: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ConsoleFindQueryVariables = Exact<{
  text: string;
}>;


export type ConsoleFindQuery = { findReservations: Array<{ id: string, code: string, state: ReservationState, plate: string, period: { startsAt: string, endsAt: string }, spot: { label: string }, lot: { id: string, code: string, name: string, timeZone: string }, price: { total: { amountMinor: number, currency: string } } }> };

export type ConsolePaymentFragment = { id: string, kind: PaymentKind, state: PaymentState, method: PaymentMethod, capturedAt: string | null, captured: { amountMinor: number, currency: string }, amount: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } };

export type ConsoleReservationQueryVariables = Exact<{
  id: string;
  locale: string;
}>;


export type ConsoleReservationQuery = { reservation: { pinned: boolean, createdAt: string, graceEndsAt: string, vehicleClass: VehicleClass, spotType: SpotType, id: string, code: string, state: ReservationState, plate: string, refunded: { amountMinor: number, currency: string }, fee: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, price: { tax: { amountMinor: number, currency: string }, lines: Array<{ description: string, quantity: number, amount: { amountMinor: number, currency: string } }>, total: { amountMinor: number, currency: string } }, promises: { cancellation: string }, payment: { id: string, kind: PaymentKind, state: PaymentState, method: PaymentMethod, capturedAt: string | null, captured: { amountMinor: number, currency: string }, amount: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, method: PaymentMethod, capturedAt: string | null, captured: { amountMinor: number, currency: string }, amount: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }>, stay: { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null } | null, timeline: Array<{ at: string, kind: MomentKind, detail: string | null, note: string | null, amount: { amountMinor: number, currency: string } | null, gate: { name: string } | null, by: { name: string } | null }>, period: { startsAt: string, endsAt: string }, spot: { label: string }, lot: { id: string, code: string, name: string, timeZone: string } } | null };

export type ConsoleReservationLiveSubscriptionVariables = Exact<{
  id: string;
}>;


export type ConsoleReservationLiveSubscription = { reservation: { id: string, state: ReservationState } };

export type ConsoleCancelMutationVariables = Exact<{
  input: CancelReservationInput;
}>;


export type ConsoleCancelMutation = { cancelReservation: { refund: { amountMinor: number, currency: string } | null, reservation: { id: string, state: ReservationState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleRefundMutationVariables = Exact<{
  input: RefundPaymentInput;
}>;


export type ConsoleRefundMutation = { refundPayment: { payment: { id: string, kind: PaymentKind, state: PaymentState, method: PaymentMethod, capturedAt: string | null, captured: { amountMinor: number, currency: string }, amount: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleVisitFragment = { id: string, state: StayState, spotLabel: string | null, enteredAt: string, leftAt: string | null };

export type ConsoleCorrectPresenceMutationVariables = Exact<{
  input: CorrectPresenceInput;
}>;


export type ConsoleCorrectPresenceMutation = { correctPresence: { decision: { action: GateAction, durable: boolean, spotLabel: string | null } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleStaffQueryVariables = Exact<{
  lot: string;
}>;


export type ConsoleStaffQuery = { lot: { id: string, staff: Array<{ id: string, name: string, email: string, role: StaffRole, lotIds: Array<string> | null, createdAt: string }> } | null };

export type ConsoleColleagueFragment = { id: string, name: string, email: string, role: StaffRole, lotIds: Array<string> | null, createdAt: string };

export type ConsoleInviteMutationVariables = Exact<{
  input: InviteStaffInput;
}>;


export type ConsoleInviteMutation = { inviteStaff: { oneTimePassword: string | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleUpdateStaffMutationVariables = Exact<{
  input: UpdateStaffInput;
}>;


export type ConsoleUpdateStaffMutation = { updateStaff: { staff: { id: string, name: string, email: string, role: StaffRole, lotIds: Array<string> | null, createdAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleDisableStaffMutationVariables = Exact<{
  input: DisableStaffInput;
}>;


export type ConsoleDisableStaffMutation = { disableStaff: { staff: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleTariffsQueryVariables = Exact<{
  lot: string;
}>;


export type ConsoleTariffsQuery = { lot: { id: string, tariff: { id: string, versionNumber: number, publishedAt: string, document: Record<string, unknown> }, tariffs: { nodes: Array<{ id: string, versionNumber: number, publishedAt: string, document: Record<string, unknown> }> } } | null };

export type ConsoleTariffFragment = { id: string, versionNumber: number, publishedAt: string, document: Record<string, unknown> };

export type ConsolePriceForQueryVariables = Exact<{
  input: PriceForInput;
}>;


export type ConsolePriceForQuery = { priceFor: { result: { warnings: Array<string>, price: { total: { amountMinor: number, currency: string }, lines: Array<{ localFrom: string, localTo: string, description: string, amount: { amountMinor: number, currency: string } }> } } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, problems: Array<{ path: string, rule: string | null, message: string }> }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleTariffDifferenceQueryVariables = Exact<{
  input: TariffDifferenceInput;
}>;


export type ConsoleTariffDifferenceQuery = { tariffDifference: { difference: { unchanged: number, stays: Array<{ old: { amountMinor: number }, difference: { amountMinor: number } }>, fields: Array<{ field: string, sentence: string }>, rises: Array<{ arrival: string, minutes: number, old: { amountMinor: number, currency: string }, new: { amountMinor: number, currency: string }, difference: { amountMinor: number, currency: string } }>, falls: Array<{ arrival: string, minutes: number, old: { amountMinor: number, currency: string }, new: { amountMinor: number, currency: string }, difference: { amountMinor: number, currency: string } }> } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, problems: Array<{ path: string, rule: string | null, message: string }> }
      | { code: UserErrorCode, message: string }
    > } };

export type ConsoleComparedStayFragment = { arrival: string, minutes: number, old: { amountMinor: number, currency: string }, new: { amountMinor: number, currency: string }, difference: { amountMinor: number, currency: string } };

export type ConsolePublishTariffMutationVariables = Exact<{
  input: PublishTariffInput;
}>;


export type ConsolePublishTariffMutation = { publishTariff: { tariff: { id: string, versionNumber: number } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, problems: Array<{ path: string, rule: string | null, message: string }> }
      | { code: UserErrorCode, message: string }
    > } };

type TariffRefused_PaymentNeeded_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_PlainUserError_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_PolicyInvalid_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_QuoteExpired_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_SpotUnavailable_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_SpotsInUse_Fragment = { code: UserErrorCode, message: string };

type TariffRefused_TariffInvalid_Fragment = { code: UserErrorCode, message: string, problems: Array<{ path: string, rule: string | null, message: string }> };

type TariffRefused_TooManyAttempts_Fragment = { code: UserErrorCode, message: string };

export type TariffRefusedFragment =
  | TariffRefused_PaymentNeeded_Fragment
  | TariffRefused_PlainUserError_Fragment
  | TariffRefused_PolicyInvalid_Fragment
  | TariffRefused_QuoteExpired_Fragment
  | TariffRefused_SpotUnavailable_Fragment
  | TariffRefused_SpotsInUse_Fragment
  | TariffRefused_TariffInvalid_Fragment
  | TariffRefused_TooManyAttempts_Fragment
;

export type RefreshMutationVariables = Exact<{
  input: RefreshLoginInput;
}>;


export type RefreshMutation = { refreshLogin: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type SignOutMutationVariables = Exact<{
  input: SignOutInput;
}>;


export type SignOutMutation = { signOut: { userErrors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export type KioskDeviceQueryVariables = Exact<{ [key: string]: never; }>;


export type KioskDeviceQuery = { viewer:
    | { id: string, gateId: string | null, lotId: string }
    | Record<PropertyKey, never>
   | null };

export type KioskPlaceQueryVariables = Exact<{
  gateId: string;
  lotId: string;
}>;


export type KioskPlaceQuery = { gate:
    | { id: string, name: string, direction: GateDirection }
    | Record<PropertyKey, never>
   | null, lot: { id: string, name: string, timeZone: string } | null };

export type KioskDecisionFragment = { scanId: string, action: GateAction, reason: GateReason, stayId: string | null, ticketCode: string | null, spotLabel: string | null, directions: string | null, durable: boolean, decidedAt: string, due: { amountMinor: number, currency: string } | null, nearestFree: { lotName: string, distanceMeters: number, free: number } | null };

export type KioskInMutationVariables = Exact<{
  input: CheckInInput;
}>;


export type KioskInMutation = { checkIn: { decision: { scanId: string, action: GateAction, reason: GateReason, stayId: string | null, ticketCode: string | null, spotLabel: string | null, directions: string | null, durable: boolean, decidedAt: string, due: { amountMinor: number, currency: string } | null, nearestFree: { lotName: string, distanceMeters: number, free: number } | null } | null, userErrors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export type KioskOutMutationVariables = Exact<{
  input: CheckOutInput;
}>;


export type KioskOutMutation = { checkOut: { decision: { scanId: string, action: GateAction, reason: GateReason, stayId: string | null, ticketCode: string | null, spotLabel: string | null, directions: string | null, durable: boolean, decidedAt: string, due: { amountMinor: number, currency: string } | null, nearestFree: { lotName: string, distanceMeters: number, free: number } | null } | null, userErrors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export type KioskStayQueryVariables = Exact<{
  ref: StayRefInput;
}>;


export type KioskStayQuery = { stay: { id: string, enteredAt: string, paidUntil: string | null, due: { amountMinor: number, currency: string }, paid: { amountMinor: number, currency: string } } | null };

export type KioskPayMutationVariables = Exact<{
  input: PayStayInput;
}>;


export type KioskPayMutation = { payStay: { stay: { id: string, due: { amountMinor: number, currency: string } } | null, userErrors: Array<
      | { clientSecret: string | null, code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export type KioskHelpMutationVariables = Exact<{
  input: CallAttendantInput;
}>;


export type KioskHelpMutation = { callAttendant: { userErrors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AppAlternativeFragmentDoc = new TypedDocumentString(`
    fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}
    `, {"fragmentName":"AppAlternative"}) as unknown as TypedDocumentString<AppAlternativeFragment, unknown>;
export const AppReservationRowFragmentDoc = new TypedDocumentString(`
    fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
    `, {"fragmentName":"AppReservationRow"}) as unknown as TypedDocumentString<AppReservationRowFragment, unknown>;
export const AppPolicyFragmentDoc = new TypedDocumentString(`
    fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"AppPolicy"}) as unknown as TypedDocumentString<AppPolicyFragment, unknown>;
export const AppPriceFragmentDoc = new TypedDocumentString(`
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"AppPrice"}) as unknown as TypedDocumentString<AppPriceFragment, unknown>;
export const AppPaymentFragmentDoc = new TypedDocumentString(`
    fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
    `, {"fragmentName":"AppPayment"}) as unknown as TypedDocumentString<AppPaymentFragment, unknown>;
export const AppReservationMoneyFragmentDoc = new TypedDocumentString(`
    fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}
    fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}`, {"fragmentName":"AppReservationMoney"}) as unknown as TypedDocumentString<AppReservationMoneyFragment, unknown>;
export const AppReservationFragmentDoc = new TypedDocumentString(`
    fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`, {"fragmentName":"AppReservation"}) as unknown as TypedDocumentString<AppReservationFragment, unknown>;
export const LotCountsFragmentDoc = new TypedDocumentString(`
    fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}
    `, {"fragmentName":"LotCounts"}) as unknown as TypedDocumentString<LotCountsFragment, unknown>;
export const LotTodayFragmentDoc = new TypedDocumentString(`
    fragment LotToday on Lot {
  id
  code
  name
  state
  timeZone
  availability {
    ...LotCounts
  }
  today {
    arrivalsSoon
    noShows
    noShowsWeekBefore
    openIncidents
    urgentIncidents
  }
  takings @include(if: $isOperator) {
    today {
      amountMinor
      currency
    }
    weekBefore {
      amountMinor
      currency
    }
  }
}
    fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}`, {"fragmentName":"LotToday"}) as unknown as TypedDocumentString<LotTodayFragment, unknown>;
export const ConsoleVisitFragmentDoc = new TypedDocumentString(`
    fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}
    `, {"fragmentName":"ConsoleVisit"}) as unknown as TypedDocumentString<ConsoleVisitFragment, unknown>;
export const ConsoleIncidentFragmentDoc = new TypedDocumentString(`
    fragment ConsoleIncident on Incident {
  id
  kind
  severity
  state
  note
  imageRef
  createdAt
  stay {
    ...ConsoleVisit
  }
  gate {
    id
    name
  }
  spot {
    label
  }
  reservation {
    id
    code
  }
}
    fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}`, {"fragmentName":"ConsoleIncident"}) as unknown as TypedDocumentString<ConsoleIncidentFragment, unknown>;
export const ConsoleScanFragmentDoc = new TypedDocumentString(`
    fragment ConsoleScan on GateEvent {
  gateId
  operation
  decision {
    scanId
    action
    reason
    displayText(locale: $locale)
    reservationCode
    spotLabel
    decidedAt
    due {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"ConsoleScan"}) as unknown as TypedDocumentString<ConsoleScanFragment, unknown>;
export const ReportOfDayFragmentDoc = new TypedDocumentString(`
    fragment ReportOfDay on ReportDay {
  day
  occupancyPercent
  entries
  reservations
  noShows
  taken {
    amountMinor
    currency
  }
}
    `, {"fragmentName":"ReportOfDay"}) as unknown as TypedDocumentString<ReportOfDayFragment, unknown>;
export const ReportFactsFragmentDoc = new TypedDocumentString(`
    fragment ReportFacts on LotReport {
  spots
  days {
    ...ReportOfDay
  }
  hours {
    weekday
    hour
    occupancyPercent
    entries
    days
  }
  durations {
    fromMinutes
    untilMinutes
    stays
  }
}
    fragment ReportOfDay on ReportDay {
  day
  occupancyPercent
  entries
  reservations
  noShows
  taken {
    amountMinor
    currency
  }
}`, {"fragmentName":"ReportFacts"}) as unknown as TypedDocumentString<ReportFactsFragment, unknown>;
export const ListedReservationFragmentDoc = new TypedDocumentString(`
    fragment ListedReservation on Reservation {
  id
  code
  state
  plate
  period {
    startsAt
    endsAt
  }
  spot {
    label
  }
  lot {
    id
    code
    name
    timeZone
  }
  price {
    total {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"ListedReservation"}) as unknown as TypedDocumentString<ListedReservationFragment, unknown>;
export const ConsolePaymentFragmentDoc = new TypedDocumentString(`
    fragment ConsolePayment on Payment {
  id
  kind
  state
  method
  captured {
    amountMinor
    currency
  }
  amount {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  capturedAt
}
    `, {"fragmentName":"ConsolePayment"}) as unknown as TypedDocumentString<ConsolePaymentFragment, unknown>;
export const ConsoleColleagueFragmentDoc = new TypedDocumentString(`
    fragment ConsoleColleague on StaffMember {
  id
  name
  email
  role
  lotIds
  createdAt
}
    `, {"fragmentName":"ConsoleColleague"}) as unknown as TypedDocumentString<ConsoleColleagueFragment, unknown>;
export const ConsoleTariffFragmentDoc = new TypedDocumentString(`
    fragment ConsoleTariff on Tariff {
  id
  versionNumber
  publishedAt
  document
}
    `, {"fragmentName":"ConsoleTariff"}) as unknown as TypedDocumentString<ConsoleTariffFragment, unknown>;
export const ConsoleComparedStayFragmentDoc = new TypedDocumentString(`
    fragment ConsoleComparedStay on ComparedStay {
  arrival
  minutes
  old {
    amountMinor
    currency
  }
  new {
    amountMinor
    currency
  }
  difference {
    amountMinor
    currency
  }
}
    `, {"fragmentName":"ConsoleComparedStay"}) as unknown as TypedDocumentString<ConsoleComparedStayFragment, unknown>;
export const TariffRefusedFragmentDoc = new TypedDocumentString(`
    fragment TariffRefused on UserError {
  code
  message
  ... on TariffInvalid {
    problems {
      path
      rule
      message
    }
  }
}
    `, {"fragmentName":"TariffRefused"}) as unknown as TypedDocumentString<TariffRefusedFragment, unknown>;
export const KioskDecisionFragmentDoc = new TypedDocumentString(`
    fragment KioskDecision on GateDecision {
  scanId
  action
  reason
  stayId
  ticketCode
  spotLabel
  directions
  durable
  decidedAt
  due {
    amountMinor
    currency
  }
  nearestFree {
    lotName
    distanceMeters
    free
  }
}
    `, {"fragmentName":"KioskDecision"}) as unknown as TypedDocumentString<KioskDecisionFragment, unknown>;
export const AppViewerDocument = new TypedDocumentString(`
    query AppViewer {
  viewer {
    __typename
    ... on Driver {
      id
      name
      email
      locale
      createdAt
      savedPaymentMethodId
      automaticPayment {
        givenAt
        limit {
          amountMinor
          currency
        }
      }
      vehicles {
        id
        plate
        plateCountry
        nickname
        vehicleClass
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppViewerQuery, AppViewerQueryVariables>;
export const AppDebtsDocument = new TypedDocumentString(`
    query AppDebts {
  debts(first: 20, states: [OPEN]) {
    nodes {
      id
      reason
      createdAt
      payUrl
      left {
        amountMinor
        currency
      }
      lot {
        name
        timeZone
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppDebtsQuery, AppDebtsQueryVariables>;
export const AppSignUpDocument = new TypedDocumentString(`
    mutation AppSignUp($input: SignUpInput!) {
  signUp(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppSignUpMutation, AppSignUpMutationVariables>;
export const AppAddVehicleDocument = new TypedDocumentString(`
    mutation AppAddVehicle($input: AddVehicleInput!) {
  addVehicle(input: $input) {
    vehicle {
      id
      plate
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppAddVehicleMutation, AppAddVehicleMutationVariables>;
export const AppRemoveVehicleDocument = new TypedDocumentString(`
    mutation AppRemoveVehicle($input: RemoveVehicleInput!) {
  removeVehicle(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppRemoveVehicleMutation, AppRemoveVehicleMutationVariables>;
export const AppSaveCardDocument = new TypedDocumentString(`
    mutation AppSaveCard($input: SavePaymentMethodInput!) {
  savePaymentMethod(input: $input) {
    clientSecret
    savedPaymentMethodId
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppSaveCardMutation, AppSaveCardMutationVariables>;
export const AppRemoveCardDocument = new TypedDocumentString(`
    mutation AppRemoveCard {
  removePaymentMethod {
    removed
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppRemoveCardMutation, AppRemoveCardMutationVariables>;
export const AppDeleteAccountDocument = new TypedDocumentString(`
    mutation AppDeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) {
    deleted
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppDeleteAccountMutation, AppDeleteAccountMutationVariables>;
export const AppLotDocument = new TypedDocumentString(`
    query AppLot($code: ShortText!) {
  lot(code: $code) {
    id
    code
    name
    address
    state
    timeZone
    currency
    openingHours {
      alwaysOpen
      windows {
        day
        opens
        closes
      }
    }
    capacity {
      spotType
      total
    }
  }
}
    `) as unknown as TypedDocumentString<AppLotQuery, AppLotQueryVariables>;
export const AppQuoteDocument = new TypedDocumentString(`
    query AppQuote($input: QuoteInput!) {
  quote(input: $input) {
    quote {
      id
      available
      expiresAt
      spotType
      spotsFree
      vehicleClass
      period {
        startsAt
        endsAt
      }
      price {
        ...AppPrice
      }
      policy {
        ...AppPolicy
      }
      cardConsent {
        noShowMax {
          amountMinor
          currency
        }
      }
      alternatives {
        ...AppAlternative
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppQuoteQuery, AppQuoteQueryVariables>;
export const AppReserveDocument = new TypedDocumentString(`
    mutation AppReserve($input: ReserveSpotInput!) {
  reserveSpot(input: $input) {
    reservation {
      id
      code
      state
      holdExpiresAt
      price {
        total {
          amountMinor
          currency
        }
      }
    }
    userErrors {
      __typename
      code
      message
      field
      ... on SpotUnavailable {
        alternatives {
          ...AppAlternative
        }
      }
    }
  }
}
    fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppReserveMutation, AppReserveMutationVariables>;
export const AppCompleteDocument = new TypedDocumentString(`
    mutation AppComplete($input: CompleteReservationInput!) {
  completeReservation(input: $input) {
    reservation {
      id
      state
    }
    userErrors {
      __typename
      code
      message
      field
      ... on PaymentNeeded {
        clientSecret
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppCompleteMutation, AppCompleteMutationVariables>;
export const AppFreeByTypeDocument = new TypedDocumentString(`
    subscription AppFreeByType($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    lotId
    byType {
      spotType
      free
    }
  }
}
    `) as unknown as TypedDocumentString<AppFreeByTypeSubscription, AppFreeByTypeSubscriptionVariables>;
export const AppReservationsDocument = new TypedDocumentString(`
    query AppReservations($first: Int, $after: String) {
  reservations(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...AppReservationRow
    }
  }
}
    fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppReservationsQuery, AppReservationsQueryVariables>;
export const AppReservationDocument = new TypedDocumentString(`
    query AppReservation($id: ID!) {
  reservation(id: $id) {
    ...AppReservation
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`) as unknown as TypedDocumentString<AppReservationQuery, AppReservationQueryVariables>;
export const AppReservationLiveDocument = new TypedDocumentString(`
    subscription AppReservationLive($id: ID!) {
  reservation(id: $id) {
    id
    state
    plate
    checkedInAt
    completedAt
    period {
      startsAt
      endsAt
    }
    spot {
      label
    }
  }
}
    `) as unknown as TypedDocumentString<AppReservationLiveSubscription, AppReservationLiveSubscriptionVariables>;
export const AppLeavingNowDocument = new TypedDocumentString(`
    query AppLeavingNow($id: ID!, $endsAt: DateTime!) {
  reservation(id: $id) {
    id
    refundIfLeavingNow {
      amountMinor
      currency
    }
    dueIfLeavingNow {
      amountMinor
      currency
    }
    priceIfEndingAt(endsAt: $endsAt) {
      total {
        amountMinor
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppLeavingNowQuery, AppLeavingNowQueryVariables>;
export const AppPriceIfEndingDocument = new TypedDocumentString(`
    query AppPriceIfEnding($id: ID!, $endsAt: DateTime!) {
  reservation(id: $id) {
    id
    priceIfEndingAt(endsAt: $endsAt) {
      total {
        amountMinor
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppPriceIfEndingQuery, AppPriceIfEndingQueryVariables>;
export const AppPriceIfExtendedDocument = new TypedDocumentString(`
    query AppPriceIfExtended($id: ID!, $soon: DateTime!, $later: DateTime!, $latest: DateTime!) {
  reservation(id: $id) {
    id
    soon: priceIfEndingAt(endsAt: $soon) {
      total {
        amountMinor
        currency
      }
    }
    later: priceIfEndingAt(endsAt: $later) {
      total {
        amountMinor
        currency
      }
    }
    latest: priceIfEndingAt(endsAt: $latest) {
      total {
        amountMinor
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppPriceIfExtendedQuery, AppPriceIfExtendedQueryVariables>;
export const AppChangeDocument = new TypedDocumentString(`
    mutation AppChange($input: ChangeReservationInput!) {
  changeReservation(input: $input) {
    reservation {
      ...AppReservation
    }
    userErrors {
      __typename
      code
      message
      field
      ... on PaymentNeeded {
        clientSecret
      }
      ... on SpotUnavailable {
        alternatives {
          ...AppAlternative
        }
      }
    }
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`) as unknown as TypedDocumentString<AppChangeMutation, AppChangeMutationVariables>;
export const AppCancelDocument = new TypedDocumentString(`
    mutation AppCancel($input: CancelReservationInput!) {
  cancelReservation(input: $input) {
    refund {
      amountMinor
      currency
    }
    reservation {
      id
      state
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppCancelMutation, AppCancelMutationVariables>;
export const AppReceiptsDocument = new TypedDocumentString(`
    mutation AppReceipts($input: IssueReceiptsInput!) {
  issueReceipts(input: $input) {
    receipts {
      id
      number
      isRefund
      issuedAt
      url
      pdfUrl
      total {
        amountMinor
        currency
      }
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppReceiptsMutation, AppReceiptsMutationVariables>;
export const AppLateDocument = new TypedDocumentString(`
    mutation AppLate($input: AnnounceLateArrivalInput!) {
  announceLateArrival(input: $input) {
    reservation {
      id
      graceEndsAt
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppLateMutation, AppLateMutationVariables>;
export const AppChangeVehicleDocument = new TypedDocumentString(`
    mutation AppChangeVehicle($input: ChangeVehicleInput!) {
  changeVehicle(input: $input) {
    reservation {
      ...AppReservation
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  lateNoticeMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`) as unknown as TypedDocumentString<AppChangeVehicleMutation, AppChangeVehicleMutationVariables>;
export const AppLotsDocument = new TypedDocumentString(`
    query AppLots($first: Int, $after: String, $near: GeoPointInput, $radiusMeters: PositiveInt!, $period: PeriodInput, $spotType: SpotType, $text: ShortText, $heightCm: PositiveInt) {
  lots(
    first: $first
    after: $after
    near: $near
    radiusMeters: $radiusMeters
    period: $period
    spotType: $spotType
    text: $text
    heightCm: $heightCm
  ) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      distanceMeters
      spotsFree
      price {
        total {
          amountMinor
          currency
        }
      }
      node {
        id
        code
        name
        address
        timeZone
        location {
          latitude
          longitude
        }
        capacity {
          spotType
          total
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppLotsQuery, AppLotsQueryVariables>;
export const AppFreeDocument = new TypedDocumentString(`
    subscription AppFree($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    lotId
    free
    total
    asOf
  }
}
    `) as unknown as TypedDocumentString<AppFreeSubscription, AppFreeSubscriptionVariables>;
export const BoardDocument = new TypedDocumentString(`
    subscription Board($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    version
    free
    byLevel {
      levelId
      free
    }
  }
}
    `) as unknown as TypedDocumentString<BoardSubscription, BoardSubscriptionVariables>;
export const ConsoleAuditDocument = new TypedDocumentString(`
    query ConsoleAudit($lot: ID!, $acts: [StaffAct!], $first: Int!, $after: String) {
  lot(id: $lot) {
    id
    auditTrail(acts: $acts, first: $first, after: $after) {
      edges {
        cursor
        node {
          act
          createdAt
          reason
          by {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleAuditQuery, ConsoleAuditQueryVariables>;
export const ConsoleDevicesDocument = new TypedDocumentString(`
    query ConsoleDevices($lot: ID!) {
  lot(id: $lot) {
    id
    gates {
      id
      name
      direction
      inService
    }
    devices {
      id
      name
      role
      gateId
      createdAt
      revokedAt
      lastSeenAt
    }
    spots(first: 100) {
      nodes {
        id
        label
        sensors {
          id
          serial
          heardAt
          isSilent
          batteryPercent
          lostTotal
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleDevicesQuery, ConsoleDevicesQueryVariables>;
export const ConsoleIssueKeyDocument = new TypedDocumentString(`
    mutation ConsoleIssueKey($input: IssueDeviceKeyInput!) {
  issueDeviceKey(input: $input) {
    key
    cloudKey
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleIssueKeyMutation, ConsoleIssueKeyMutationVariables>;
export const ConsoleRevokeKeyDocument = new TypedDocumentString(`
    mutation ConsoleRevokeKey($input: RevokeDeviceKeyInput!) {
  revokeDeviceKey(input: $input) {
    device {
      id
      revokedAt
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRevokeKeyMutation, ConsoleRevokeKeyMutationVariables>;
export const ConsoleRegisterGateDocument = new TypedDocumentString(`
    mutation ConsoleRegisterGate($input: RegisterGateInput!) {
  registerGate(input: $input) {
    gate {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRegisterGateMutation, ConsoleRegisterGateMutationVariables>;
export const ConsoleUpdateGateDocument = new TypedDocumentString(`
    mutation ConsoleUpdateGate($input: UpdateGateInput!) {
  updateGate(input: $input) {
    gate {
      id
      inService
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleUpdateGateMutation, ConsoleUpdateGateMutationVariables>;
export const ConsoleViewerDocument = new TypedDocumentString(`
    query ConsoleViewer {
  viewer {
    __typename
    ... on StaffMember {
      id
      name
      email
      role
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleViewerQuery, ConsoleViewerQueryVariables>;
export const ConsoleLotsDocument = new TypedDocumentString(`
    query ConsoleLots($text: ShortText, $first: Int!, $after: String) {
  servedLots(text: $text, first: $first, after: $after) {
    nodes {
      id
      code
      name
      address
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleLotsQuery, ConsoleLotsQueryVariables>;
export const ConsoleLotDocument = new TypedDocumentString(`
    query ConsoleLot($code: ShortText!) {
  lot(code: $code) {
    id
    code
    name
    timeZone
    currency
    state
    levels {
      id
      name
      ordinal
    }
    gates {
      id
      name
      direction
      inService
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleLotQuery, ConsoleLotQueryVariables>;
export const ConsoleHomeDocument = new TypedDocumentString(`
    query ConsoleHome($isOperator: Boolean!, $first: Int!, $after: String) {
  overview {
    lots
    spotsTotal
    spotsFree
    byType {
      spotType
      total
      free
    }
    arrivalsSoon
    noShows
    noShowsWeekBefore
    openIncidents
    urgentIncidents
    gateP95Ms
    takings @include(if: $isOperator) {
      today {
        amountMinor
        currency
      }
      weekBefore {
        amountMinor
        currency
      }
    }
  }
  servedLots(first: $first, after: $after) {
    nodes {
      ...LotToday
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment LotToday on Lot {
  id
  code
  name
  state
  timeZone
  availability {
    ...LotCounts
  }
  today {
    arrivalsSoon
    noShows
    noShowsWeekBefore
    openIncidents
    urgentIncidents
  }
  takings @include(if: $isOperator) {
    today {
      amountMinor
      currency
    }
    weekBefore {
      amountMinor
      currency
    }
  }
}
fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}`) as unknown as TypedDocumentString<ConsoleHomeQuery, ConsoleHomeQueryVariables>;
export const ConsoleLotHomeDocument = new TypedDocumentString(`
    query ConsoleLotHome($isOperator: Boolean!, $code: ShortText!) {
  lot(code: $code) {
    ...LotToday
  }
}
    fragment LotToday on Lot {
  id
  code
  name
  state
  timeZone
  availability {
    ...LotCounts
  }
  today {
    arrivalsSoon
    noShows
    noShowsWeekBefore
    openIncidents
    urgentIncidents
  }
  takings @include(if: $isOperator) {
    today {
      amountMinor
      currency
    }
    weekBefore {
      amountMinor
      currency
    }
  }
}
fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}`) as unknown as TypedDocumentString<ConsoleLotHomeQuery, ConsoleLotHomeQueryVariables>;
export const ConsoleCountsDocument = new TypedDocumentString(`
    subscription ConsoleCounts($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    ...LotCounts
  }
}
    fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}`) as unknown as TypedDocumentString<ConsoleCountsSubscription, ConsoleCountsSubscriptionVariables>;
export const ConsoleLanesDocument = new TypedDocumentString(`
    query ConsoleLanes($lot: ID!, $first: Int!) {
  lot(id: $lot) {
    id
    urgent: incidents(state: OPEN, severities: [URGENT], first: $first) {
      nodes {
        ...ConsoleIncident
      }
    }
    incidents(state: OPEN, first: $first) {
      nodes {
        ...ConsoleIncident
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    fragment ConsoleIncident on Incident {
  id
  kind
  severity
  state
  note
  imageRef
  createdAt
  stay {
    ...ConsoleVisit
  }
  gate {
    id
    name
  }
  spot {
    label
  }
  reservation {
    id
    code
  }
}
fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}`) as unknown as TypedDocumentString<ConsoleLanesQuery, ConsoleLanesQueryVariables>;
export const ConsoleScansDocument = new TypedDocumentString(`
    query ConsoleScans($lot: ID!, $first: Int!, $locale: Locale!) {
  lot(id: $lot) {
    id
    scans(first: $first) {
      ...ConsoleScan
    }
  }
}
    fragment ConsoleScan on GateEvent {
  gateId
  operation
  decision {
    scanId
    action
    reason
    displayText(locale: $locale)
    reservationCode
    spotLabel
    decidedAt
    due {
      amountMinor
      currency
    }
  }
}`) as unknown as TypedDocumentString<ConsoleScansQuery, ConsoleScansQueryVariables>;
export const ConsoleGateActivityDocument = new TypedDocumentString(`
    subscription ConsoleGateActivity($lot: ID!, $locale: Locale!) {
  gateActivity(lotId: $lot) {
    ...ConsoleScan
  }
}
    fragment ConsoleScan on GateEvent {
  gateId
  operation
  decision {
    scanId
    action
    reason
    displayText(locale: $locale)
    reservationCode
    spotLabel
    decidedAt
    due {
      amountMinor
      currency
    }
  }
}`) as unknown as TypedDocumentString<ConsoleGateActivitySubscription, ConsoleGateActivitySubscriptionVariables>;
export const ConsoleAlertsDocument = new TypedDocumentString(`
    subscription ConsoleAlerts($lot: ID!) {
  alerts(lotId: $lot) {
    change
    incident {
      ...ConsoleIncident
    }
  }
}
    fragment ConsoleIncident on Incident {
  id
  kind
  severity
  state
  note
  imageRef
  createdAt
  stay {
    ...ConsoleVisit
  }
  gate {
    id
    name
  }
  spot {
    label
  }
  reservation {
    id
    code
  }
}
fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}`) as unknown as TypedDocumentString<ConsoleAlertsSubscription, ConsoleAlertsSubscriptionVariables>;
export const ConsoleResolveDocument = new TypedDocumentString(`
    mutation ConsoleResolve($input: ResolveIncidentInput!) {
  resolveIncident(input: $input) {
    incident {
      id
      state
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleResolveMutation, ConsoleResolveMutationVariables>;
export const ConsoleOpenGateDocument = new TypedDocumentString(`
    mutation ConsoleOpenGate($input: OpenGateInput!) {
  openGate(input: $input) {
    decision {
      action
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOpenGateMutation, ConsoleOpenGateMutationVariables>;
export const ConsoleTicketDocument = new TypedDocumentString(`
    query ConsoleTicket($ref: StayRefInput!) {
  stay(ref: $ref) {
    ...ConsoleVisit
    paidUntil
    due {
      amountMinor
      currency
    }
  }
}
    fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}`) as unknown as TypedDocumentString<ConsoleTicketQuery, ConsoleTicketQueryVariables>;
export const ConsoleLotListDocument = new TypedDocumentString(`
    query ConsoleLotList($text: ShortText, $first: Int!, $after: String) {
  servedLots(text: $text, first: $first, after: $after) {
    nodes {
      id
      code
      name
      address
      state
      availability {
        ...LotCounts
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment LotCounts on Availability {
  lotId
  version
  total
  free
  byType {
    spotType
    total
    free
  }
}`) as unknown as TypedDocumentString<ConsoleLotListQuery, ConsoleLotListQueryVariables>;
export const ConsoleSpotsDocument = new TypedDocumentString(`
    query ConsoleSpots($lot: ID!, $level: ID!, $first: Int!, $after: String) {
  lot(id: $lot) {
    id
    spots(filter: {levelId: $level}, first: $first, after: $after) {
      nodes {
        id
        label
        spotType
        state
        override {
          sight
        }
        sensors {
          isSilent
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSpotsQuery, ConsoleSpotsQueryVariables>;
export const ConsoleSpotDocument = new TypedDocumentString(`
    query ConsoleSpot($id: ID!) {
  node(id: $id) {
    __typename
    ... on Spot {
      id
      label
      spotType
      state
      inService
      sensedOccupied
      sensors {
        id
        serial
        occupied
        since
        isSilent
        batteryPercent
      }
      override {
        sight
        reason
        expiresAt
      }
      maxHeightCm
      maxLengthCm
      directions
      reservation {
        id
        code
        plate
        state
        period {
          startsAt
          endsAt
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSpotQuery, ConsoleSpotQueryVariables>;
export const ConsoleCloseSpotsDocument = new TypedDocumentString(`
    mutation ConsoleCloseSpots($input: CloseSpotsInput!) {
  closeSpots(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCloseSpotsMutation, ConsoleCloseSpotsMutationVariables>;
export const ConsoleOpenSpotsDocument = new TypedDocumentString(`
    mutation ConsoleOpenSpots($input: OpenSpotsInput!) {
  openSpots(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOpenSpotsMutation, ConsoleOpenSpotsMutationVariables>;
export const ConsoleOverrideSpotDocument = new TypedDocumentString(`
    mutation ConsoleOverrideSpot($input: OverrideSpotInput!) {
  overrideSpot(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOverrideSpotMutation, ConsoleOverrideSpotMutationVariables>;
export const ConsoleEndSpotOverrideDocument = new TypedDocumentString(`
    mutation ConsoleEndSpotOverride($input: EndSpotOverrideInput!) {
  endSpotOverride(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEndSpotOverrideMutation, ConsoleEndSpotOverrideMutationVariables>;
export const ConsoleOffersDocument = new TypedDocumentString(`
    query ConsoleOffers($lot: ID!) {
  promoCodes(lotId: $lot, first: 50) {
    nodes {
      id
      code
      discount {
        kind
        percent
        minutes
        amount {
          amountMinor
          currency
        }
      }
      uses
      maxUses
      validUntil
      endedAt
    }
    pageInfo {
      hasNextPage
    }
  }
  monthlyPassProducts(lotId: $lot) {
    id
    name
    mostPlates
    usesPerMonth
    price {
      amountMinor
      currency
    }
  }
  lotMonthlyPasses(lotId: $lot, first: 50) {
    nodes {
      id
      name
      state
      renews
      period {
        endsAt
      }
    }
    pageInfo {
      hasNextPage
    }
  }
  merchants(lotId: $lot, first: 50) {
    nodes {
      id
      name
      given
      endedAt
      most {
        amountMinor
        currency
      }
      spent {
        amountMinor
        currency
      }
      budget {
        amountMinor
        currency
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOffersQuery, ConsoleOffersQueryVariables>;
export const ConsoleCreatePromoCodeDocument = new TypedDocumentString(`
    mutation ConsoleCreatePromoCode($input: CreatePromoCodeInput!) {
  createPromoCode(input: $input) {
    promoCode {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCreatePromoCodeMutation, ConsoleCreatePromoCodeMutationVariables>;
export const ConsoleEndPromoCodeDocument = new TypedDocumentString(`
    mutation ConsoleEndPromoCode($input: EndPromoCodeInput!) {
  endPromoCode(input: $input) {
    promoCode {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEndPromoCodeMutation, ConsoleEndPromoCodeMutationVariables>;
export const ConsoleOfferPassDocument = new TypedDocumentString(`
    mutation ConsoleOfferPass($input: OfferMonthlyPassInput!) {
  offerMonthlyPass(input: $input) {
    product {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOfferPassMutation, ConsoleOfferPassMutationVariables>;
export const ConsoleWithdrawPassDocument = new TypedDocumentString(`
    mutation ConsoleWithdrawPass($input: WithdrawMonthlyPassInput!) {
  withdrawMonthlyPass(input: $input) {
    product {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWithdrawPassMutation, ConsoleWithdrawPassMutationVariables>;
export const ConsoleCreateMerchantDocument = new TypedDocumentString(`
    mutation ConsoleCreateMerchant($input: CreateMerchantInput!) {
  createMerchant(input: $input) {
    merchant {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCreateMerchantMutation, ConsoleCreateMerchantMutationVariables>;
export const ConsoleEndMerchantDocument = new TypedDocumentString(`
    mutation ConsoleEndMerchant($input: UpdateMerchantInput!) {
  updateMerchant(input: $input) {
    merchant {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEndMerchantMutation, ConsoleEndMerchantMutationVariables>;
export const ConsoleReportDocument = new TypedDocumentString(`
    query ConsoleReport($lot: ID!, $from: ShortText!, $through: ShortText!, $fromBefore: ShortText!, $throughBefore: ShortText!) {
  lot(id: $lot) {
    id
    report(from: $from, through: $through) {
      ...ReportFacts
    }
    before: report(from: $fromBefore, through: $throughBefore) {
      spots
      days {
        ...ReportOfDay
      }
    }
  }
}
    fragment ReportFacts on LotReport {
  spots
  days {
    ...ReportOfDay
  }
  hours {
    weekday
    hour
    occupancyPercent
    entries
    days
  }
  durations {
    fromMinutes
    untilMinutes
    stays
  }
}
fragment ReportOfDay on ReportDay {
  day
  occupancyPercent
  entries
  reservations
  noShows
  taken {
    amountMinor
    currency
  }
}`) as unknown as TypedDocumentString<ConsoleReportQuery, ConsoleReportQueryVariables>;
export const ConsoleReservationsDocument = new TypedDocumentString(`
    query ConsoleReservations($lot: ID!, $states: [ReservationState!], $startsFrom: DateTime!, $startsUntil: DateTime!, $first: Int!, $after: String) {
  lot(id: $lot) {
    id
    reservations(
      states: $states
      startsFrom: $startsFrom
      startsUntil: $startsUntil
      first: $first
      after: $after
    ) {
      nodes {
        ...ListedReservation
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment ListedReservation on Reservation {
  id
  code
  state
  plate
  period {
    startsAt
    endsAt
  }
  spot {
    label
  }
  lot {
    id
    code
    name
    timeZone
  }
  price {
    total {
      amountMinor
      currency
    }
  }
}`) as unknown as TypedDocumentString<ConsoleReservationsQuery, ConsoleReservationsQueryVariables>;
export const ConsoleFindDocument = new TypedDocumentString(`
    query ConsoleFind($text: LongText!) {
  findReservations(text: $text) {
    ...ListedReservation
  }
}
    fragment ListedReservation on Reservation {
  id
  code
  state
  plate
  period {
    startsAt
    endsAt
  }
  spot {
    label
  }
  lot {
    id
    code
    name
    timeZone
  }
  price {
    total {
      amountMinor
      currency
    }
  }
}`) as unknown as TypedDocumentString<ConsoleFindQuery, ConsoleFindQueryVariables>;
export const ConsoleReservationDocument = new TypedDocumentString(`
    query ConsoleReservation($id: ID!, $locale: Locale!) {
  reservation(id: $id) {
    ...ListedReservation
    pinned
    createdAt
    graceEndsAt
    vehicleClass
    spotType
    refunded {
      amountMinor
      currency
    }
    fee {
      amountMinor
      currency
    }
    refundIfCancelledNow {
      amountMinor
      currency
    }
    price {
      tax {
        amountMinor
        currency
      }
      lines {
        description
        quantity
        amount {
          amountMinor
          currency
        }
      }
    }
    promises(locale: $locale) {
      cancellation
    }
    payment {
      ...ConsolePayment
    }
    charges {
      ...ConsolePayment
    }
    stay {
      ...ConsoleVisit
    }
    timeline {
      at
      kind
      detail
      note
      amount {
        amountMinor
        currency
      }
      gate {
        name
      }
      by {
        name
      }
    }
  }
}
    fragment ListedReservation on Reservation {
  id
  code
  state
  plate
  period {
    startsAt
    endsAt
  }
  spot {
    label
  }
  lot {
    id
    code
    name
    timeZone
  }
  price {
    total {
      amountMinor
      currency
    }
  }
}
fragment ConsolePayment on Payment {
  id
  kind
  state
  method
  captured {
    amountMinor
    currency
  }
  amount {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  capturedAt
}
fragment ConsoleVisit on Stay {
  id
  state
  spotLabel
  enteredAt
  leftAt
}`) as unknown as TypedDocumentString<ConsoleReservationQuery, ConsoleReservationQueryVariables>;
export const ConsoleReservationLiveDocument = new TypedDocumentString(`
    subscription ConsoleReservationLive($id: ID!) {
  reservation(id: $id) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ConsoleReservationLiveSubscription, ConsoleReservationLiveSubscriptionVariables>;
export const ConsoleCancelDocument = new TypedDocumentString(`
    mutation ConsoleCancel($input: CancelReservationInput!) {
  cancelReservation(input: $input) {
    refund {
      amountMinor
      currency
    }
    reservation {
      id
      state
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCancelMutation, ConsoleCancelMutationVariables>;
export const ConsoleRefundDocument = new TypedDocumentString(`
    mutation ConsoleRefund($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    payment {
      ...ConsolePayment
    }
    userErrors {
      code
      message
    }
  }
}
    fragment ConsolePayment on Payment {
  id
  kind
  state
  method
  captured {
    amountMinor
    currency
  }
  amount {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  capturedAt
}`) as unknown as TypedDocumentString<ConsoleRefundMutation, ConsoleRefundMutationVariables>;
export const ConsoleCorrectPresenceDocument = new TypedDocumentString(`
    mutation ConsoleCorrectPresence($input: CorrectPresenceInput!) {
  correctPresence(input: $input) {
    decision {
      action
      durable
      spotLabel
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCorrectPresenceMutation, ConsoleCorrectPresenceMutationVariables>;
export const ConsoleStaffDocument = new TypedDocumentString(`
    query ConsoleStaff($lot: ID!) {
  lot(id: $lot) {
    id
    staff {
      ...ConsoleColleague
    }
  }
}
    fragment ConsoleColleague on StaffMember {
  id
  name
  email
  role
  lotIds
  createdAt
}`) as unknown as TypedDocumentString<ConsoleStaffQuery, ConsoleStaffQueryVariables>;
export const ConsoleInviteDocument = new TypedDocumentString(`
    mutation ConsoleInvite($input: InviteStaffInput!) {
  inviteStaff(input: $input) {
    oneTimePassword
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleInviteMutation, ConsoleInviteMutationVariables>;
export const ConsoleUpdateStaffDocument = new TypedDocumentString(`
    mutation ConsoleUpdateStaff($input: UpdateStaffInput!) {
  updateStaff(input: $input) {
    staff {
      ...ConsoleColleague
    }
    userErrors {
      code
      message
    }
  }
}
    fragment ConsoleColleague on StaffMember {
  id
  name
  email
  role
  lotIds
  createdAt
}`) as unknown as TypedDocumentString<ConsoleUpdateStaffMutation, ConsoleUpdateStaffMutationVariables>;
export const ConsoleDisableStaffDocument = new TypedDocumentString(`
    mutation ConsoleDisableStaff($input: DisableStaffInput!) {
  disableStaff(input: $input) {
    staff {
      id
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleDisableStaffMutation, ConsoleDisableStaffMutationVariables>;
export const ConsoleTariffsDocument = new TypedDocumentString(`
    query ConsoleTariffs($lot: ID!) {
  lot(id: $lot) {
    id
    tariff {
      ...ConsoleTariff
    }
    tariffs(first: 20) {
      nodes {
        ...ConsoleTariff
      }
    }
  }
}
    fragment ConsoleTariff on Tariff {
  id
  versionNumber
  publishedAt
  document
}`) as unknown as TypedDocumentString<ConsoleTariffsQuery, ConsoleTariffsQueryVariables>;
export const ConsolePriceForDocument = new TypedDocumentString(`
    query ConsolePriceFor($input: PriceForInput!) {
  priceFor(input: $input) {
    result {
      warnings
      price {
        total {
          amountMinor
          currency
        }
        lines {
          localFrom
          localTo
          description
          amount {
            amountMinor
            currency
          }
        }
      }
    }
    userErrors {
      ...TariffRefused
    }
  }
}
    fragment TariffRefused on UserError {
  code
  message
  ... on TariffInvalid {
    problems {
      path
      rule
      message
    }
  }
}`) as unknown as TypedDocumentString<ConsolePriceForQuery, ConsolePriceForQueryVariables>;
export const ConsoleTariffDifferenceDocument = new TypedDocumentString(`
    query ConsoleTariffDifference($input: TariffDifferenceInput!) {
  tariffDifference(input: $input) {
    difference {
      unchanged
      stays {
        old {
          amountMinor
        }
        difference {
          amountMinor
        }
      }
      fields {
        field
        sentence
      }
      rises {
        ...ConsoleComparedStay
      }
      falls {
        ...ConsoleComparedStay
      }
    }
    userErrors {
      ...TariffRefused
    }
  }
}
    fragment ConsoleComparedStay on ComparedStay {
  arrival
  minutes
  old {
    amountMinor
    currency
  }
  new {
    amountMinor
    currency
  }
  difference {
    amountMinor
    currency
  }
}
fragment TariffRefused on UserError {
  code
  message
  ... on TariffInvalid {
    problems {
      path
      rule
      message
    }
  }
}`) as unknown as TypedDocumentString<ConsoleTariffDifferenceQuery, ConsoleTariffDifferenceQueryVariables>;
export const ConsolePublishTariffDocument = new TypedDocumentString(`
    mutation ConsolePublishTariff($input: PublishTariffInput!) {
  publishTariff(input: $input) {
    tariff {
      id
      versionNumber
    }
    userErrors {
      ...TariffRefused
    }
  }
}
    fragment TariffRefused on UserError {
  code
  message
  ... on TariffInvalid {
    problems {
      path
      rule
      message
    }
  }
}`) as unknown as TypedDocumentString<ConsolePublishTariffMutation, ConsolePublishTariffMutationVariables>;
export const RefreshDocument = new TypedDocumentString(`
    mutation Refresh($input: RefreshLoginInput!) {
  refreshLogin(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshMutation, RefreshMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut($input: SignOutInput!) {
  signOut(input: $input) {
    userErrors {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const KioskDeviceDocument = new TypedDocumentString(`
    query KioskDevice {
  viewer {
    ... on Device {
      id
      gateId
      lotId
    }
  }
}
    `) as unknown as TypedDocumentString<KioskDeviceQuery, KioskDeviceQueryVariables>;
export const KioskPlaceDocument = new TypedDocumentString(`
    query KioskPlace($gateId: ID!, $lotId: ID!) {
  gate: node(id: $gateId) {
    ... on Gate {
      id
      name
      direction
    }
  }
  lot(id: $lotId) {
    id
    name
    timeZone
  }
}
    `) as unknown as TypedDocumentString<KioskPlaceQuery, KioskPlaceQueryVariables>;
export const KioskInDocument = new TypedDocumentString(`
    mutation KioskIn($input: CheckInInput!) {
  checkIn(input: $input) {
    decision {
      ...KioskDecision
    }
    userErrors {
      code
    }
  }
}
    fragment KioskDecision on GateDecision {
  scanId
  action
  reason
  stayId
  ticketCode
  spotLabel
  directions
  durable
  decidedAt
  due {
    amountMinor
    currency
  }
  nearestFree {
    lotName
    distanceMeters
    free
  }
}`) as unknown as TypedDocumentString<KioskInMutation, KioskInMutationVariables>;
export const KioskOutDocument = new TypedDocumentString(`
    mutation KioskOut($input: CheckOutInput!) {
  checkOut(input: $input) {
    decision {
      ...KioskDecision
    }
    userErrors {
      code
    }
  }
}
    fragment KioskDecision on GateDecision {
  scanId
  action
  reason
  stayId
  ticketCode
  spotLabel
  directions
  durable
  decidedAt
  due {
    amountMinor
    currency
  }
  nearestFree {
    lotName
    distanceMeters
    free
  }
}`) as unknown as TypedDocumentString<KioskOutMutation, KioskOutMutationVariables>;
export const KioskStayDocument = new TypedDocumentString(`
    query KioskStay($ref: StayRefInput!) {
  stay(ref: $ref) {
    id
    enteredAt
    paidUntil
    due {
      amountMinor
      currency
    }
    paid {
      amountMinor
      currency
    }
  }
}
    `) as unknown as TypedDocumentString<KioskStayQuery, KioskStayQueryVariables>;
export const KioskPayDocument = new TypedDocumentString(`
    mutation KioskPay($input: PayStayInput!) {
  payStay(input: $input) {
    stay {
      id
      due {
        amountMinor
        currency
      }
    }
    userErrors {
      code
      ... on PaymentNeeded {
        clientSecret
      }
    }
  }
}
    `) as unknown as TypedDocumentString<KioskPayMutation, KioskPayMutationVariables>;
export const KioskHelpDocument = new TypedDocumentString(`
    mutation KioskHelp($input: CallAttendantInput!) {
  callAttendant(input: $input) {
    userErrors {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<KioskHelpMutation, KioskHelpMutationVariables>;