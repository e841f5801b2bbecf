const HOUR_MS = 3_600_000;

interface Tab {
  readonly query: string;
  readonly variables?: string;
}

interface FirstLot {
  readonly id: string;
  readonly location: { readonly latitude: number; readonly longitude: number };
}

/** The operations most partners begin with, filled with what this server has: its first lot, and hours from tomorrow on. */
export async function readyTabs(): Promise<Tab[]> {
  const lot = await firstLot();
  const startsAt = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 24 * HOUR_MS);
  const period = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 2 * HOUR_MS).toISOString() };
  const lotId = lot?.id ?? '';
  const [email = '', password = ''] = demoLogin();
  return [
    tab(LOTS, { near: lot?.location, period }),
    tab(QUOTE, { input: { lotId, period } }),
    tab(LIVE, { lotIds: [lotId] }),
    tab(SIGN_IN, { input: { email, password } }),
    tab(RESERVE, {
      input: { idempotencyKey: crypto.randomUUID(), lotId, period, vehicle: { plate: { text: 'ABC-123' } } },
    }),
    tab(RESERVATIONS, { first: 5 }),
  ];
}

function tab(query: string, variables: object): Tab {
  return { query, variables: JSON.stringify(variables, null, 2) };
}

/** Address and password of the demo; nothing where there are real data. */
function demoLogin(): string[] {
  const login = document.querySelector<HTMLMetaElement>('meta[name="demo-login"]')?.content ?? '';
  const colon = login.indexOf(':');
  return colon < 0 ? [] : [login.slice(0, colon), login.slice(colon + 1)];
}

/** Undefined when there is none, or nobody to tell: the tabs open all the same. */
async function firstLot(): Promise<FirstLot | undefined> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ lots(first: 1) { nodes { id location { latitude longitude } } } }' }),
    });
    const answer = (await response.json()) as { data?: { lots: { nodes: FirstLot[] } } };
    return answer.data?.lots.nodes[0];
  } catch {
    return undefined;
  }
}

const LOTS = `# Where is a spot free, and when? Nearest first.
query Lots($near: GeoPointInput, $period: PeriodInput) {
  lots(near: $near, period: $period, first: 5) {
    nodes {
      id
      code
      name
      timeZone
      currency
      availability {
        free
        total
        asOf
      }
    }
  }
}
`;

const QUOTE = `# Is it free then, and at what price? A quote holds its price for some minutes.
query Price($input: QuoteInput!) {
  quote(input: $input) {
    quote {
      id
      expiresAt
      price {
        total {
          amountMinor
          currency
          formatted
        }
      }
    }
    userErrors {
      code
      message
    }
  }
}
`;

const LIVE = `# What is free now, and every change of it. Press the button again to end it.
subscription Live($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    lotId
    version
    asOf
    free
    total
    byLevel {
      levelId
      free
    }
  }
}
`;

const SIGN_IN = `# Signs in for all tabs of this page, until it is closed.
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
    }
    userErrors {
      code
      message
    }
  }
}
`;

const RESERVE = `# Sign in first. Sent twice with the same idempotencyKey, it reserves once: look at "replayed".
mutation Reserve($input: ReserveSpotInput!) {
  reserveSpot(input: $input) {
    replayed
    reservation {
      id
      code
      state
      holdExpiresAt
      spot {
        label
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}
`;

const RESERVATIONS = `# Sign in first. Your reservations, the newest first, a page at a time.
query Reservations($first: Int, $after: String) {
  reservations(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      code
      state
      plate
      period {
        startsAt
        endsAt
      }
    }
  }
}
`;
