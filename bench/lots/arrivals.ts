import type { Chances } from './chances.ts';
import { blockedTime, meet, SimulatedLot, type SimulatedClaim } from './simulated-lot.ts';

export interface ArrivalsLoad {
  readonly spots: number;
  readonly days: number;
  /** The share of vehicles that stay on beyond their period. */
  readonly staysOn: number;
  /** The share of vehicles that park on a spot that is not theirs. */
  readonly parksWrong: number;
  readonly reseats: boolean;
}

interface Driver extends SimulatedClaim {
  readonly arrivesAt: number;
  readonly leavesAt: number;
  readonly parksWrong: boolean;
}

const DAY = 1440;
/** How far ahead the next driver is looked after, as the sweep does. */
const AHEAD_MINUTES = 30;

/** Minute by minute: who comes, who leaves, and, with re-seating, what a sweep does about spots that are taken by others. */
export function arrivalsWithoutSpot(chances: Chances, load: ArrivalsLoad) {
  return new Days(chances, load).run();
}

class Days {
  private readonly lot: SimulatedLot;
  private readonly drivers: Driver[];
  private readonly standing: (Driver | undefined)[];
  private readonly seen = { arrived: 0, withoutSpot: 0, turnedAway: 0, moved: 0 };
  private readonly arrived = new Set<string>();
  private readonly chances: Chances;
  private readonly load: ArrivalsLoad;

  constructor(chances: Chances, load: ArrivalsLoad) {
    this.chances = chances;
    this.load = load;
    this.lot = new SimulatedLot(load.spots);
    this.standing = Array.from({ length: load.spots }, () => undefined);
    this.drivers = this.book();
  }

  run() {
    const byMinute = new Map<number, Driver[]>();
    for (const driver of this.drivers)
      byMinute.set(driver.arrivesAt, [...(byMinute.get(driver.arrivesAt) ?? []), driver]);
    for (let now = 0; now < this.load.days * DAY; now++) {
      this.leave(now);
      if (this.load.reseats) this.sweep(now);
      for (const driver of byMinute.get(now) ?? []) this.arrive(driver, now);
      this.lot.forgetBefore(now);
    }
    return this.seen;
  }

  /** Bookings as they come, the same whatever is done later: nine tenths of what the lot can take. */
  private book(): Driver[] {
    const { chances, load } = this;
    const drivers: Driver[] = [];
    const meanMinutes = 240;
    for (let asked = 0; asked < (0.9 * load.spots * load.days * DAY) / meanMinutes; asked++) {
      const startsAt = chances.between(1, load.days * 96) * 15;
      const endsAt = startsAt + chances.between(4, 28) * 15;
      const late = chances.between(-10, 20);
      const more = chances.happens(load.staysOn) ? chances.between(5, 120) : -chances.between(0, 20);
      const parksWrong = chances.happens(load.parksWrong);
      const spot = this.lot.freeSpot({ startsAt, endsAt });
      if (spot === undefined) continue;
      const claim = { id: String(asked), startsAt, endsAt, pinned: false, spot };
      const driver = { ...claim, arrivesAt: Math.max(0, startsAt + late), leavesAt: endsAt + more, parksWrong };
      this.lot.put(driver);
      drivers.push(driver);
    }
    return drivers;
  }

  private leave(now: number): void {
    this.standing.forEach((driver, spot) => {
      if (driver && driver.leavesAt <= now) this.standing[spot] = undefined;
    });
  }

  private arrive(driver: Driver, now: number): void {
    this.seen.arrived += 1;
    this.arrived.add(driver.id);
    const strays = driver.parksWrong ? this.emptySpots(driver, now, { ofOthers: true })[0] : undefined;
    if (strays !== undefined) return this.park(driver, strays);
    if (this.standing[driver.spot] === undefined) return this.park(driver, driver.spot);
    this.seen.withoutSpot += 1;
    const [other] = this.emptySpots(driver, now, { ofOthers: false });
    if (other === undefined) this.seen.turnedAway += 1;
    else this.park(driver, other);
  }

  private park(driver: Driver, spot: number): void {
    this.standing[spot] = driver;
  }

  /** Where nobody stands; of others: somebody comes there soon; not of others: nobody has claimed it for as long. */
  private emptySpots(driver: Driver, now: number, { ofOthers }: { ofOthers: boolean }): number[] {
    const stay = { startsAt: now, endsAt: Math.max(now + 1, driver.endsAt) };
    const empty = [...this.standing.keys()].filter((spot) => this.standing[spot] === undefined && spot !== driver.spot);
    return empty.filter(
      (spot) => this.lot.bySpot[spot]?.some((claim) => claim.id !== driver.id && meet(claim, stay)) === ofOthers,
    );
  }

  /** Whoever comes within the next half an hour to a spot on which somebody else will still stand is given another. */
  private sweep(now: number): void {
    this.standing.forEach((holder, spot) => {
      if (holder === undefined) return;
      const isDue = holder.spot === spot && now < holder.endsAt;
      if (isDue) return;
      const taken = { startsAt: now, endsAt: now + AHEAD_MINUTES };
      const next = (this.lot.bySpot[spot] ?? []).filter(
        (claim) => claim.id !== holder.id && !this.arrived.has(claim.id) && meet(claim, taken),
      );
      for (const claim of next) this.reseat(claim, spot, now);
    });
  }

  private reseat(claim: SimulatedClaim, spot: number, now: number): void {
    this.lot.remove(claim);
    const blocked = [...this.standing.keys()]
      .filter((place) => this.standing[place] !== undefined && !this.isHolderThere(place, now))
      .map((place) => blockedTime(place, { startsAt: now, endsAt: now + AHEAD_MINUTES }));
    const problem = this.lot.problem(claim, now, withoutOverlaps(this.lot, blocked));
    const found = this.lot.makeRoom(problem);
    if (found.outcome === 'FITS') this.seen.moved += found.moves.length + 1;
    claim.spot = found.outcome === 'FITS' ? Number(found.spotId) : spot;
    this.lot.put(claim);
  }

  /** Whether whoever stands there has a claim that says so. */
  private isHolderThere(place: number, now: number): boolean {
    const holder = this.standing[place];
    return holder !== undefined && holder.spot === place && now < holder.endsAt;
  }
}

/** Two claims of one spot never meet: what is claimed anyway needs no blocking. */
function withoutOverlaps(
  lot: SimulatedLot,
  blocked: ReturnType<typeof blockedTime>[],
): ReturnType<typeof blockedTime>[] {
  return blocked.flatMap((time) => {
    const claims = (lot.bySpot[Number(time.spotId)] ?? [])
      .map((claim) => claim.startsAt * 60_000)
      .filter((at) => at < time.endsAt);
    const endsAt = Math.min(time.endsAt, ...claims);
    return endsAt > time.startsAt ? [{ ...time, endsAt }] : [];
  });
}
