import { RefreshDocument, type RefreshMutation } from '../generated/graphql.ts';
import { fetchAndHear, serverNowMs, waitForServerTime } from './server-time.ts';

/** A login as the browser keeps it. */
interface Login {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: string;
}

/** Renewed this long before it ends, so that no request meets its end on the way. */
const RENEW_AHEAD_MS = 60_000;

/**
 * The login of one page in this browser, shared by its tabs: each token is renewed by one of them, because a refresh token that is sent
 * twice ends the whole login. A driver's and an operator's login stand beside each other.
 */
export class Session {
  private readonly storedAs: string;
  private readonly listeners = new Set<() => void>();

  constructor(page: string) {
    this.storedAs = `parkwell.login.${page}`;
    addEventListener('storage', ({ key }) => key === this.storedAs && this.tell());
  }

  get isSignedIn(): boolean {
    return this.read() !== undefined;
  }

  /** What `signOut` sends. */
  get refreshToken(): string | undefined {
    return this.read()?.refreshToken;
  }

  keep(login: Login): void {
    localStorage.setItem(this.storedAs, JSON.stringify(login));
    this.tell();
  }

  forget(): void {
    localStorage.removeItem(this.storedAs);
    this.tell();
  }

  /** Tells whenever somebody signs in or out, in this tab or another. Gives how to end that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The header to send now, renewed where it is about to end; undefined when nobody is signed in (any more). */
  async authorization(): Promise<string | undefined> {
    if (this.read() === undefined) return undefined;
    await waitForServerTime();
    const login = this.read();
    if (login === undefined) return undefined;
    if (isGoodFor(login.accessTokenExpiresAt)) return `Bearer ${login.accessToken}`;
    return navigator.locks.request(this.storedAs, async () => {
      // Another tab may have renewed it while this one waited.
      const current = this.read();
      if (current === undefined || isGoodFor(current.accessTokenExpiresAt))
        return current && `Bearer ${current.accessToken}`;
      const renewed = await refresh(current.refreshToken);
      if (renewed === 'AWAY') return `Bearer ${current.accessToken}`;
      if (renewed === undefined) this.forget();
      else this.keep(renewed);
      return renewed && `Bearer ${renewed.accessToken}`;
    });
  }

  private read(): Login | undefined {
    try {
      const text = localStorage.getItem(this.storedAs);
      return text === null ? undefined : (JSON.parse(text) as Login);
    } catch {
      return undefined;
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function isGoodFor(expiresAt: string): boolean {
  return new Date(expiresAt).getTime() - serverNowMs() > RENEW_AHEAD_MS;
}

/**
 * AWAY: nobody answered, or only with an error (too many requests, a database that is away), which is no reason to sign anybody out.
 * Undefined: the login has ended.
 */
async function refresh(refreshToken: string): Promise<Login | 'AWAY' | undefined> {
  try {
    const response = await fetchAndHear('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: RefreshDocument.toString(), variables: { input: { refreshToken } } }),
    });
    const { data } = (await response.json()) as { data?: RefreshMutation | null };
    return data ? (data.refreshLogin.login ?? undefined) : 'AWAY';
  } catch {
    return 'AWAY';
  }
}
