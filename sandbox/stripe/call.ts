import type { Params } from './params.ts';
import { forbidden, invalid } from './problem.ts';
import type { Store } from './store.ts';

/** One call of the API after the door: who it is was checked, its parameters are parsed. */
export interface Call {
  store: Store;
  params: Params;
  /** The id in the path, or the empty string. */
  id: string;
  /** Made with the publishable key: it may only touch the intent whose client secret it shows. */
  publishable: boolean;
  /** Where browsers reach the double: the base of the 3-D Secure pages. */
  publicUrl: string;
}

export type Handler = (call: Call) => object;

/** Lets a publishable call through only with the intent's own client secret; a secret key needs none. */
export function checkClientSecret(call: Call, intent: { client_secret: string | null }): void {
  const shown = call.params.text('client_secret');
  if (shown === undefined && call.publishable) {
    throw invalid('Missing required param: client_secret.', { code: 'parameter_missing', param: 'client_secret' });
  }
  if (shown !== undefined && shown !== intent.client_secret) {
    throw forbidden('The client_secret provided does not match the client_secret associated with this intent.', {
      param: 'client_secret',
    });
  }
}
