// The people of the demo data. They exist only where the demo seed was run.

export interface DemoLogin {
  readonly role: 'DRIVER' | 'ATTENDANT' | 'OPERATOR' | 'ADMIN';
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export const DEMO_LOGINS: readonly DemoLogin[] = [
  { role: 'DRIVER', name: 'Dana Driver', email: 'driver@parkwell.example', password: 'park-and-ride-7' },
  { role: 'ATTENDANT', name: 'Avery Attendant', email: 'attendant@parkwell.example', password: 'raise-the-bar-7' },
  { role: 'OPERATOR', name: 'Olli Operator', email: 'operator@parkwell.example', password: 'five-full-lots-7' },
  { role: 'ADMIN', name: 'Ada Admin', email: 'admin@parkwell.example', password: 'keys-to-it-all-7' },
];
