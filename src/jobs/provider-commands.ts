import { dropPayment } from '../booking/drop-unpaid.ts';
import { chargeCommand } from '../payments/charge-saved-card.ts';
import { careOf } from '../payments/look-after.ts';
import { readPayment } from '../payments/payment-row.ts';
import { runDueCommands, type CommandHandler, type CommandHandlers } from '../payments/provider-commands.ts';
import { refundCommand } from '../payments/send-refund.ts';
import { disputeCommand } from '../payments/settle-dispute.ts';
import { startPayment } from '../payments/start-payment.ts';
import { adoptStranded, measureCommands } from '../payments/stranded.ts';
import type { Platform } from '../platform/platform.ts';
import type { Sweep } from './job.ts';
import { settlePayment } from './settle-payment.ts';

/** A payment that somebody began: brought to its end, or looked at again. */
const look: CommandHandler = async (platform, about) => {
  const key = { lotId: about.lotId, paymentId: about.subjectId };
  const { care, kind } = await careOf(platform, about);
  if (care === 'START') await startPayment(platform, key);
  if (care === 'DROP') await dropPayment(platform, key);
  if (care === 'ASK') await settlePayment(platform, { ...key, kind });
  const left = await careOf(platform, about);
  return left.care === 'NOTHING' ? 'DONE' : { againInMs: left.againInMs };
};

/** The provider has news of a payment: whatever it pays for takes the step that follows. */
const settle: CommandHandler = async (platform, { lotId, subjectId }) => {
  const { kind } = await readPayment(platform, { lotId, id: subjectId });
  await settlePayment(platform, { lotId, paymentId: subjectId, kind });
  return 'DONE';
};

const HANDLERS: CommandHandlers = {
  CHARGE: chargeCommand,
  REFUND: refundCommand,
  DISPUTE: disputeCommand,
  LOOK: look,
  SETTLE: settle,
};

/** What one lane has in hand at a time. Together about as much as an endpoint's pace lets through in two seconds. */
const BATCH = 10;
const LANES = 4;
const POLL_MS = 1000;

/** Works off every command that is due, until none is left; gives how many it took up. */
export async function runCommands(platform: Platform): Promise<number> {
  for (let taken = 0; ;) {
    const now = await runDueCommands(platform, HANDLERS, LANES * BATCH);
    if (now === 0) return taken;
    taken += now;
  }
}

/** Works off commands until it is told to stop; what the process that wrote them has begun itself, it does not see. */
export function startCommandWorker(platform: Platform): { stop(): Promise<void> } {
  let stopping = false;
  const wakers = new Set<() => void>();
  const rest = () =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      wakers.add(wake);
    });
  const lane = async () => {
    while (!stopping) {
      const taken = await runDueCommands(platform, HANDLERS, BATCH).catch((error: unknown) => {
        platform.log.warn({ err: error }, 'commands for the payment provider could not be worked off; trying again');
        return 0;
      });
      if (taken === 0 && !stopping) await rest();
    }
  };
  const lanes = Array.from({ length: LANES }, lane);
  return {
    stop: async () => {
      stopping = true;
      for (const wake of wakers) wake();
      await Promise.all(lanes);
    },
  };
}

/** Payments and refunds that want something of the provider and for which no command stands: the workers find theirs by themselves. */
export const SWEEP_COMMANDS: Sweep = {
  name: 'provider-commands',
  everySeconds: 60,
  run: async (platform) => {
    const adopted = await adoptStranded(platform);
    await measureCommands(platform);
    return adopted;
  },
};
