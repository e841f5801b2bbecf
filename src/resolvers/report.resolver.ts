import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { localDaysPeriod } from '../domain/local-days.ts';
import type { Lot } from '../entities/lot.ts';
import type { Staff } from '../entities/staff.ts';
import { listStaff } from '../insight/list-staff.ts';
import { lotReport } from '../insight/lot-report.ts';
import { StaffMemberType } from '../schema/account.ts';
import { Allow } from '../schema/access.ts';
import { LotType } from '../schema/lot.ts';
import { money } from '../schema/money.ts';
import { LotReportArgs, LotReportType } from '../schema/report.ts';
import { badInput } from './payload.ts';
import { requireStaffOf } from './who-asks.ts';

/** A quarter of a year, with a day to spare for the longest. */
const MOST_DAYS = 93;
const DAY_MS = 86_400_000;

@Resolver(() => LotType)
export class LotReportResolver {
  @Allow('OPERATOR')
  @FieldResolver(() => LotReportType, {
    description:
      'How it did on some days, at most 93, for its operator. BAD_USER_INPUT for dates that are none. Days that are yet to come have no occupancy.',
  })
  async report(
    @Ctx() { em, now, viewer }: Context,
    @Root() lot: Lot,
    @Args(() => LotReportArgs) { from, through }: LotReportArgs,
  ): Promise<LotReportType> {
    requireStaffOf({ viewer }, lot);
    const period = localDaysPeriod({ from, through }, lot.timeZone);
    if (period === undefined) throw badInput('`from` and `through` are dates, the second not before the first');
    const days = (period.endsAt.getTime() - period.startsAt.getTime()) / DAY_MS;
    if (days > MOST_DAYS + 0.5) throw badInput(`at most ${MOST_DAYS} days`);
    const report = await lotReport(em, lot, { ...period, now });
    const shown = report.days.map(({ takenMinor, ...day }) => ({ ...day, taken: money(takenMinor, report.currency) }));
    return { spots: report.spots, days: shown, hours: [...report.hours], durations: [...report.durations] };
  }

  @Allow('OPERATOR')
  @FieldResolver(() => [StaffMemberType], {
    description: 'Who of its operator serves it, by name, for its operator. Admins, who serve all lots, are left out.',
  })
  async staff(@Ctx() { em, viewer }: Context, @Root() lot: Lot): Promise<Staff[]> {
    requireStaffOf({ viewer }, lot);
    return listStaff(em, lot);
  }
}
