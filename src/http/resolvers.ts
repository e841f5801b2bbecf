import { BeforeArrivalResolver } from '../resolvers/before-arrival.resolver.ts';
import {
  AccountResolver,
  DeviceResolver,
  DriverResolver,
  StaffMemberResolver,
  VehicleResolver,
} from '../resolvers/account.resolver.ts';
import { ReservationDiscountsResolver, StayDiscountsResolver } from '../resolvers/applied-discounts.resolver.ts';
import {
  AlternativeResolver,
  AvailabilityResolver,
  ReservationWatchResolver,
} from '../resolvers/availability.resolver.ts';
import {
  GateResolver,
  LevelResolver,
  ReservationPlaceResolver,
  SpotResolver,
} from '../resolvers/lot-parts.resolver.ts';
import { BooksResolver } from '../resolvers/books.resolver.ts';
import { DebtResolver } from '../resolvers/debt.resolver.ts';
import { LostCredentialResolver } from '../resolvers/lost-credential.resolver.ts';
import { GateScanResolver, StayResolver } from '../resolvers/gate.resolver.ts';
import { PromoCodeResolver } from '../resolvers/discount.resolver.ts';
import { LaneResolver } from '../resolvers/lane.resolver.ts';
import { LotSearchResolver } from '../resolvers/lot-search.resolver.ts';
import { LeavingResolver } from '../resolvers/leaving.resolver.ts';
import { LotResolver } from '../resolvers/lot.resolver.ts';
import { MerchantResolver, ValidationResolver } from '../resolvers/merchant.resolver.ts';
import { MonthlyPassProductResolver, MonthlyPassResolver } from '../resolvers/monthly-pass.resolver.ts';
import { NodeResolver } from '../resolvers/node.resolver.ts';
import { LotDevicesResolver, OperatorResolver } from '../resolvers/operator.resolver.ts';
import { HelpResolver } from '../resolvers/help.resolver.ts';
import { PassageResolver } from '../resolvers/passage.resolver.ts';
import {
  PaymentResolver,
  QuoteConsentResolver,
  AutomaticPaymentResolver,
  RefundResolver,
  ReservationPaymentResolver,
} from '../resolvers/payment.resolver.ts';
import { AuditEntryResolver, IncidentResolver, LotIncidentsResolver } from '../resolvers/incident.resolver.ts';
import { PassResolver } from '../resolvers/pass.resolver.ts';
import {
  LotDeskResolver,
  ReservationMomentResolver,
  ReservationTimelineResolver,
  SpotNowResolver,
} from '../resolvers/lot-desk.resolver.ts';
import { LotDayResolver, OverviewResolver } from '../resolvers/overview.resolver.ts';
import { PresenceResolver } from '../resolvers/presence.resolver.ts';
import { LotReportResolver } from '../resolvers/report.resolver.ts';
import { SensorResolver, SpotSensorsResolver } from '../resolvers/sensor.resolver.ts';
import { WatchListResolver } from '../resolvers/watch-list.resolver.ts';
import { QuoteExpiredResolver, ReservationResolver } from '../resolvers/reservation.resolver.ts';
import { LotRepricingsResolver, RepricingResolver } from '../resolvers/repricing.resolver.ts';
import { ReceiptResolver } from '../resolvers/receipt.resolver.ts';
import { StatementResolver } from '../resolvers/statement.resolver.ts';
import { TillResolver } from '../resolvers/till.resolver.ts';
import { LotTariffsResolver, TariffResolver } from '../resolvers/tariff.resolver.ts';
import type { ResolverClass } from '../schema/build-schema.ts';

/** Every resolver class of the public schema. */
export const RESOLVERS: readonly ResolverClass[] = [
  NodeResolver,
  GateScanResolver,
  StayResolver,
  HelpResolver,
  PassageResolver,
  ReservationResolver,
  BeforeArrivalResolver,
  PassResolver,
  LeavingResolver,
  QuoteExpiredResolver,
  PaymentResolver,
  RefundResolver,
  ReservationPaymentResolver,
  QuoteConsentResolver,
  AutomaticPaymentResolver,
  LaneResolver,
  LotSearchResolver,
  LotResolver,
  LevelResolver,
  SpotResolver,
  GateResolver,
  ReservationPlaceResolver,
  AvailabilityResolver,
  AlternativeResolver,
  ReservationWatchResolver,
  AccountResolver,
  DriverResolver,
  VehicleResolver,
  StaffMemberResolver,
  DeviceResolver,
  OperatorResolver,
  LotDevicesResolver,
  PromoCodeResolver,
  ReservationDiscountsResolver,
  StayDiscountsResolver,
  MerchantResolver,
  ValidationResolver,
  MonthlyPassProductResolver,
  MonthlyPassResolver,
  DebtResolver,
  LostCredentialResolver,
  TillResolver,
  StatementResolver,
  ReceiptResolver,
  BooksResolver,
  RepricingResolver,
  LotRepricingsResolver,
  TariffResolver,
  LotTariffsResolver,
  IncidentResolver,
  AuditEntryResolver,
  LotIncidentsResolver,
  SensorResolver,
  SpotSensorsResolver,
  WatchListResolver,
  PresenceResolver,
  LotDayResolver,
  OverviewResolver,
  LotReportResolver,
  LotDeskResolver,
  SpotNowResolver,
  ReservationTimelineResolver,
  ReservationMomentResolver,
];
