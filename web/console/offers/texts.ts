import loaders from 'virtual:messages/console/offers';
import { openMessages } from '../../messages/open-messages.ts';
import type english from './messages/en.json';

/** What this section says, loaded with it. */
export const { say: tell } = await openMessages<keyof typeof english>(loaders);
