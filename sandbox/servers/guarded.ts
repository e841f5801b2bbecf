// Child processes that cannot outlive the one that started them, however it ended.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/**
 * A small shell stands between us and the server. It holds the reading end of a pipe whose writing end only we have: when
 * that closes (we asked for it, crashed, or were killed with SIGKILL), it stops the server by its pid, first politely.
 * The shell runs in a session of its own, so that Ctrl-C reaches only us and the servers stop in the order we choose.
 */
const GUARD = `
signal=$1; grace=$2; remove=$3; shift 3
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
exec >/dev/null 2>&1
trap 'kill -s "$signal" "$server" ' TERM INT HUP
(
  read -r _ <&3
  trap exit TERM
  kill -s "$signal" "$server"
  tenths=0
  while kill -0 "$server" && [ "$tenths" -lt $((grace * 10)) ]; do sleep 0.1; tenths=$((tenths + 1)); done
  kill -s KILL "$server"
) &
watcher=$!
exec 3<&-
wait "$server"; code=$?
while kill -0 "$server"; do wait "$server"; code=$?; done
kill "$watcher"
wait "$watcher"
[ -z "$remove" ] || rm -rf "$remove"
exit "$code"
`;

/** What to run and how to end it. */
export interface GuardedCommand {
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The user to run as; only root may choose. */
  uid?: number;
  /** Where both output streams go; appended. Without it they are ours. */
  logFile?: string;
  stopSignal: 'SIGINT' | 'SIGTERM';
  /** How long the polite signal is given before SIGKILL. */
  graceSeconds?: number;
  /** A folder that is removed after the end. */
  removeAfterwards?: string;
}

/** A running child. */
export interface GuardedProcess {
  /** Resolves with the exit code when the child has ended, for whatever reason. */
  exited: Promise<number>;
  /** Ends the child and resolves when it is gone (and its folder removed). May be called again. */
  stop(): Promise<void>;
}

const alive = new Set<GuardedProcess>();

/** Ends every child that still runs, all at once. */
export async function stopAllGuarded(): Promise<void> {
  await Promise.all([...alive].map((guarded) => guarded.stop()));
}

/** Starts a command that ends with this process at the latest. */
export function startGuarded(guarded: GuardedCommand): GuardedProcess {
  const { command, args, env = process.env, cwd, uid, logFile, stopSignal, graceSeconds = 10 } = guarded;
  const log = logFile === undefined ? undefined : openSync(logFile, 'a', 0o644);
  const guardArgs = ['-c', GUARD, 'guard', stopSignal.slice(3), String(graceSeconds), guarded.removeAfterwards ?? ''];
  const child = spawn('/bin/sh', [...guardArgs, command, ...args], {
    env,
    cwd: cwd ?? process.cwd(),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['pipe', log ?? 'inherit', log ?? 'inherit'],
    detached: true,
  });
  if (log !== undefined) closeSync(log);
  child.stdin?.on('error', () => undefined); // the guard may be gone before us
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
  const running: GuardedProcess = {
    exited,
    async stop() {
      child.stdin?.end();
      await exited;
    },
  };
  alive.add(running);
  void exited.then(() => alive.delete(running));
  return running;
}
