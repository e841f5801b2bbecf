import { NodeResolver } from '../resolvers/node.resolver.ts';
import { PaymentResolver, RefundResolver, ReservationPaymentResolver } from '../resolvers/payment.resolver.ts';
import type { ResolverClass } from '../schema/build-schema.ts';

/** Every resolver class of the public schema. */
export const RESOLVERS: readonly ResolverClass[] = [NodeResolver, PaymentResolver, RefundResolver, ReservationPaymentResolver];
