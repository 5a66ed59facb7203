import { openDB, type IDBPDatabase } from 'idb';
import type { Session } from './protocol';

const database = (): Promise<IDBPDatabase> =>
  openDB('bottleship', 1, {
    upgrade(db) {
      db.createObjectStore('sessions');
    },
  });

/** The current session in IndexedDB, under one key. Reads give whatever is there: parse before use. */
export const sessionStore = {
  async load(): Promise<unknown> {
    return (await database()).get('sessions', 'current');
  },
  async save(session: Session): Promise<void> {
    await (await database()).put('sessions', session, 'current');
  },
  /** Keeps a session that could not be replayed, for the learner to download. */
  async setAside(stored: unknown): Promise<void> {
    const db = await database();
    await db.put('sessions', stored, 'broken');
    await db.delete('sessions', 'current');
  },
};
