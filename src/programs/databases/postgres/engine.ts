import type { PGlite } from '@electric-sql/pglite';
import { decode } from '../../../linux/io/bytes';
import { quoteText } from './statements';
import { inVirtualTime } from './virtual-time';
import { Cursor, frame, messagesIn, type Message } from './wire';

/** PGlite counts in wasm memory: a pristine data directory is made once in a process of JavaScript and copied from then on. */
let pristine: Promise<Blob> | undefined;

/** One backend of PostgreSQL, which has one database open. What it is asked runs at once and takes no virtual time. */
export class Engine {
  /** Whether something was done that other databases do not share. */
  touched = false;

  private constructor(
    private readonly lite: PGlite,
    readonly random: () => number,
  ) {}

  /**
   * A cluster as initdb leaves it. The first one runs initdb (about 4 s of CPU), later ones load a copy (about 1.5 s).
   * `seed` makes random() of this world.
   */
  static async start(random: () => number, superuser: string, version: string): Promise<Engine> {
    const { PGlite } = await import('@electric-sql/pglite');
    let lite: PGlite;
    if (pristine === undefined) {
      lite = await PGlite.create();
      spare = lite;
    } else lite = await PGlite.create({ loadDataDir: await pristine });
    if (spare === lite) {
      pristine = lite.dumpDataDir('none');
      await pristine;
      spare = undefined;
    }
    const engine = new Engine(lite, random);
    engine.quietly(`select setseed(${(random() * 2 - 1).toFixed(12)})`, 0);
    engine.quietly(
      `create or replace function pg_catalog.version() returns text language sql stable as ${quoteText(`select ${quoteText(versionText(version))}::text`)}`,
      0,
    );
    if (superuser !== 'postgres')
      engine.quietly(
        `update pg_catalog.pg_authid set rolname = ${quoteText(superuser)} where oid = 10; select pg_catalog.pg_reload_conf()`,
        0,
      );
    return engine;
  }

  /** Frontend messages; the backend's answer. */
  run(messages: Uint8Array, now: number): Uint8Array {
    return inVirtualTime(now, this.random, () => this.lite.execProtocolRawSync(messages));
  }

  /** A query of the server's own; rows as texts. */
  quietly(sql: string, now: number): readonly (readonly (string | undefined)[])[] {
    const rows: (string | undefined)[][] = [];
    for (const message of messagesIn(this.run(frame('Q', `${sql}\0`), now)))
      if (message.type === 'D') rows.push(rowOf(message));
    return rows;
  }

  /** Where the log of changes ends: it moves with every change that lasts. */
  position(now: number): string {
    return this.quietly('select pg_catalog.pg_current_wal_insert_lsn()', now)[0]?.[0] ?? '';
  }

  /**
   * The open database and another one exchange their names. Both must be as they were created: they are alike then, so
   * the backend has now the other one open.
   */
  swap(own: string, other: string, now: number): void {
    this.quietly(
      `do $$ declare a pg_database; b pg_database; begin
         select * into a from pg_database where datname = ${quoteText(own)};
         select * into b from pg_database where datname = ${quoteText(other)};
         update pg_database set datname = '-' where oid = a.oid;
         update pg_database set datname = a.datname, datdba = a.datdba, datacl = a.datacl, datconnlimit = a.datconnlimit where oid = b.oid;
         update pg_database set datname = b.datname, datdba = b.datdba, datacl = b.datacl, datconnlimit = b.datconnlimit where oid = a.oid;
       end $$`,
      now,
    );
  }

  async close(): Promise<void> {
    await this.lite.close();
  }
}

let spare: PGlite | undefined;

const versionText = (version: string): string =>
  `PostgreSQL ${version} (Debian ${version}-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`;

/** The columns of a DataRow as texts. */
export function rowOf({ body }: Message): (string | undefined)[] {
  const cursor = new Cursor(body);
  return Array.from({ length: cursor.int16() }, () => {
    const length = cursor.int32();
    return length < 0 ? undefined : decode(cursor.take(length));
  });
}
