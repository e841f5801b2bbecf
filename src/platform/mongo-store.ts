import { MongoBackend } from '@agendajs/mongo-backend';
import { MongoClient } from 'mongodb';
import type { JobStore } from './agenda.ts';

/** Jobs in the database that the address names. */
export function mongoStore(url: string): JobStore {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000 });
  return {
    open: async () => {
      await client.connect();
      const backend = new MongoBackend({ mongo: client.db(), collection: 'agenda_jobs', ensureIndex: true });
      await backend.connect();
      return backend;
    },
    ping: async () => {
      await client.db().command({ ping: 1 });
    },
    close: () => client.close(),
  };
}
