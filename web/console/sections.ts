import type { ComponentType } from 'preact';
import type { ConsoleKey } from './frame/console-context.ts';

/** A part of the console with a place in its navigation. What it is made of is loaded when it is opened. */
export interface Section {
  /** The first part of its address after /console; '' is the first screen. */
  readonly path: string;
  readonly name: ConsoleKey;
  /** The outline of its sign, in 24 by 24. */
  readonly icon: string;
  /** Whose it is. An operator's section is not shown to attendants, and its questions would be refused to them. */
  readonly isFor: 'ALL_STAFF' | 'OPERATORS';
  /** Whether it is about one lot: then one is asked for before it is shown, and it finds it with `useLot`. */
  readonly needsLot: boolean;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

/** Every section, in the order of the navigation. */
export const SECTIONS: readonly Section[] = [
  {
    ...{ path: '', name: 'nav_home', isFor: 'ALL_STAFF', needsLot: false },
    icon: 'M4 4h7v9H4zm9 0h7v5h-7zm0 7h7v9h-7zm-9 4h7v5H4z',
    load: () => import('./home/home.tsx'),
  },
  {
    ...{ path: 'lots', name: 'nav_lots', isFor: 'ALL_STAFF', needsLot: false },
    icon: 'M4 4h16v16H4zm2 2v5h3V6zm5 0v5h3V6zm5 0v5h2V6zM6 13v5h3v-5zm5 0v5h3v-5zm5 0v5h2v-5z',
    load: () => import('./lots/lots.tsx'),
  },
  {
    ...{ path: 'reservations', name: 'nav_reservations', isFor: 'ALL_STAFF', needsLot: false },
    icon: 'M4 5h16v15H4zm2 5v8h12v-8zM7 3h2v4H7zm8 0h2v4h-2z',
    load: () => import('./reservations/reservations.tsx'),
  },
  {
    ...{ path: 'lanes', name: 'nav_lanes', isFor: 'ALL_STAFF', needsLot: true },
    icon: 'M4 8h4v12H4zm6 0 10-4v3l-10 4zm0 5h10v2H10z',
    load: () => import('./lanes/lanes.tsx'),
  },
  {
    ...{ path: 'tariffs', name: 'nav_tariffs', isFor: 'OPERATORS', needsLot: true },
    icon: 'M4 4h9l7 7-9 9-7-7zm4.500 2.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
    load: () => import('./tariffs/tariffs.tsx'),
  },
  {
    ...{ path: 'offers', name: 'nav_offers', isFor: 'OPERATORS', needsLot: true },
    icon: 'M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zm10 2v2h2V8zm0 3v2h2v-2zm0 3v2h2v-2z',
    load: () => import('./offers/offers.tsx'),
  },
  {
    ...{ path: 'devices', name: 'nav_devices', isFor: 'OPERATORS', needsLot: true },
    icon: 'M4 6h10v9H4zm2 2v5h6V8zm-3 9h12v2H3zM17 8h4v11h-4zm1.5 1.500v2h1v-2z',
    load: () => import('./devices/devices.tsx'),
  },
  {
    ...{ path: 'staff', name: 'nav_staff', isFor: 'OPERATORS', needsLot: true },
    icon: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 9c0-4 3-7 7-7s7 3 7 7zm14-9a3 3 0 1 0 0-6v6zm2 9h4c0-3-2-5.500-5-6z',
    load: () => import('./staff/staff.tsx'),
  },
  {
    ...{ path: 'reports', name: 'nav_reports', isFor: 'OPERATORS', needsLot: true },
    icon: 'M4 4h2v14h14v2H4zm4 8h3v5H8zm4-4h3v9h-3zm4-3h3v12h-3z',
    load: () => import('./reports/reports.tsx'),
  },
  {
    ...{ path: 'audit', name: 'nav_audit', isFor: 'OPERATORS', needsLot: true },
    icon: 'M5 3h10l4 4v14H5zm2 2v14h10V8h-3V5zm2 6h6v2H9zm0 4h6v2H9z',
    load: () => import('./audit/audit.tsx'),
  },
];
