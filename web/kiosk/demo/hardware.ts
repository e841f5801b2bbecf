import { useEffect } from 'preact/hooks';

const DOOR = '/hardware/v1';
const WAIT_SECONDS = 5;
const AFTER_TROUBLE_MS = 3000;

interface Command {
  readonly id: string;
}

/** What had opened the gate: a scan, or the command of a person. */
export type OpenedBy = { readonly scanId?: string } | { readonly commandId?: string };

/** Fetches the barrier's commands as a relay box does (somebody opens by hand), and says of each that it was carried out. */
export function useCommands(key: string, onCommand: (commandId: string) => void): void {
  useEffect(() => {
    const stopped = new AbortController();
    void run(key, onCommand, stopped.signal);
    return () => stopped.abort();
  }, [key]);
}

async function run(key: string, onCommand: (commandId: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch(`${DOOR}/commands?waitSeconds=${WAIT_SECONDS}`, { headers, signal });
      if (!response.ok) throw new Error(String(response.status));
      const { commands = [] } = (await response.json()) as { commands?: Command[] };
      for (const { id } of commands) {
        onCommand(id);
        await post(key, `commands/${id}`, { state: 'SUCCESS' });
      }
    } catch {
      // The server is away; the kiosk beside says so.
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AFTER_TROUBLE_MS));
    }
  }
}

/** What the loop felt. */
export function tellPassage(key: string, outcome: 'PASSED' | 'BACKED_OUT', openedBy: OpenedBy): Promise<unknown> {
  return post(key, 'passages', { passageId: crypto.randomUUID(), outcome, ...openedBy }).catch(() => undefined);
}

function post(key: string, path: string, body: object): Promise<Response> {
  return fetch(`${DOOR}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
