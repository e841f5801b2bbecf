import type { GateReason } from '../domain/admission.ts';

/** What a gate's display shows, short enough for two lines. English; other languages fall back to it until they are written. */
const SENTENCES: Readonly<Record<GateReason, string>> = {
  RESERVATION: 'Welcome. Your spot is ready.',
  STAY_PREPAID: 'Thank you. Have a good trip.',
  STAY_PAID: 'Paid. Have a good trip.',
  WALK_IN: 'Welcome. Keep your code for the way out.',
  NOTHING_DUE: 'Nothing to pay. Have a good trip.',
  BILLED_LATER: 'Have a good trip. Anything left to pay is billed later.',
  STAFF: 'Opened for you by our staff.',
  UNKNOWN_CREDENTIAL: 'We do not know this pass or code. Please try your plate or call us.',
  PASS_FORGED: 'This pass is not one of ours.',
  PASS_OF_ANOTHER_LOT: 'This pass is for another car park.',
  PASS_STALE: 'This is a picture of a pass. Please open it in your app.',
  WRONG_DIRECTION: 'Please use the other lane.',
  NOT_CONFIRMED: 'This reservation is not paid yet.',
  CANCELLED: 'This reservation was cancelled.',
  EXPIRED: 'This reservation was not paid in time.',
  NO_SHOW_RELEASED: 'The spot was released because nobody came in time.',
  TOO_EARLY: 'You are early. Please come back closer to your time.',
  TOO_LATE: 'This reservation is over.',
  ALREADY_INSIDE: 'This vehicle is inside already.',
  ALREADY_LEFT: 'This reservation has been used.',
  NOT_INSIDE: 'We do not know this vehicle to be inside.',
  LOT_FULL: 'Sorry, we are full. You may turn around free of charge.',
  PAYMENT_DUE: 'Please pay before you leave.',
  AMBIGUOUS: 'We could not read your plate surely. Please show your pass or type your code.',
  UNREADABLE: 'We could not read that. Please show your pass or type your code.',
  LOT_CLOSED: 'This entrance is closed.',
  SYSTEM_UNAVAILABLE: 'One moment, please. Or show your pass.',
};

/** The sentence for a reason. `_locale` says whose language is wished; English is all there is so far. */
export function displaySentence(reason: GateReason, _locale: string): string {
  return SENTENCES[reason];
}
