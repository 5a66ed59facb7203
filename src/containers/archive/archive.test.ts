import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sha256HexOf } from '../images/digest';
import { bulk, directory, symlink, text, type Entries } from '../images/entries';
import { ImageLayer } from '../images/layer';
import { registries } from '../images/catalogue';
import { layerDigests } from '../images/layer-digests';
import { entriesFromTar, membersOf } from './entries';
import { gzipped } from './gzip';
import { tarBytes, tarSize } from './tar';
import { readTar } from './untar';

const time = Date.UTC(2025, 9, 20);
const long = `/${'a-long-folder/'.repeat(12)}${'n'.repeat(120)}`;
const entries: Entries = {
  '/etc/passwd': text('root:x:0:0\n'),
  '/etc/opaque': { ...directory(), opaque: true } as Entries[string],
  '/etc/gone': { type: 'whiteout' },
  '/etc-after': text('é\n', { uid: 70_000, gid: 5_000_000 }),
  '/bin/sh': symlink('busybox'),
  '/bin/z': text('one file, two names'),
  '/bin/a': { type: 'hardlink', to: '/bin/z' },
  '/dev/null': { type: 'char', mode: 0o666, uid: 0, gid: 0, rdev: { major: 1, minor: 3 } },
  '/pipe': { type: 'fifo', mode: 0o600, uid: 1, gid: 1, mtime: 1000 },
  '/tmp': directory({ mode: 0o1777 }),
  [long]: text('long'),
};

describe('tar', () => {
  const archive = tarBytes(membersOf(entries, time));

  it('is what GNU tar reads', () => {
    const listed = execFileSync('tar', ['tvf', '-', '--numeric-owner', '--utc'], { input: archive, encoding: 'utf8' });
    expect(
      listed
        .split('\n')
        .filter((line) => !line.includes('a-long-folder'))
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual(
      [
        'drwxr-xr-x 0/0               0 2025-10-20 00:00 bin/',
        '-rw-r--r-- 0/0              19 2025-10-20 00:00 bin/a',
        'lrwxrwxrwx 0/0               0 2025-10-20 00:00 bin/sh -> busybox',
        'hrw-r--r-- 0/0               0 2025-10-20 00:00 bin/z link to bin/a',
        'drwxr-xr-x 0/0               0 2025-10-20 00:00 dev/',
        'crw-rw-rw- 0/0             1,3 2025-10-20 00:00 dev/null',
        'drwxr-xr-x 0/0               0 2025-10-20 00:00 etc/',
        '-rw------- 0/0               0 2025-10-20 00:00 etc/.wh.gone',
        'drwxr-xr-x 0/0               0 2025-10-20 00:00 etc/opaque/',
        '-rwxr-xr-x 0/0               0 1970-01-01 00:00 etc/opaque/.wh..wh..opq',
        '-rw-r--r-- 0/0              11 2025-10-20 00:00 etc/passwd',
        '-rw-r--r-- 70000/5000000      3 2025-10-20 00:00 etc-after',
        'prw------- 1/1                0 1970-01-01 00:00 pipe',
        'drwxrwxrwt 0/0                0 2025-10-20 00:00 tmp/',
        '',
      ].map((line) => line.replace(/ +/g, ' ')),
    );
    expect(listed).toContain(long.slice(1));
    expect(archive.length).toBe(tarSize(membersOf(entries, time)));
  });

  it('comes back as the entries it was made of, and gives the same bytes again', () => {
    const read = entriesFromTar(gzipped([archive]));
    if (!read.ok) throw new Error(read.error);
    expect(sha256HexOf([tarBytes(membersOf(read.value, 0))])).toBe(sha256HexOf([archive]));
    expect(read.value['/etc/gone']).toEqual({ type: 'whiteout', mtime: time });
    expect(read.value['/etc/opaque']).toEqual({ ...directory(), opaque: true, mtime: time });
  });

  it('says what is wrong', () => {
    expect(readTar(new TextEncoder().encode('notatar\n'))).toEqual({ ok: false, error: 'unexpected EOF' });
    expect(readTar(new Uint8Array(1024).fill(65))).toEqual({ ok: false, error: 'archive/tar: invalid tar header' });
    expect(readTar(archive.subarray(0, 700)).ok).toBe(false);
  });
});

describe('layer digests', () => {
  it('are those of the tar and of the blob', () => {
    const layer = new ImageLayer({ '/lib.so': bulk('lib', 200_000), '/a': text('a') });
    expect(layer.diffId).toBe(`sha256:${sha256HexOf(layer.tar())}`);
    expect(layer.blobDigest).toBe(`sha256:${sha256HexOf([layer.blob()])}`);
    expect(layer.compressedSize).toBe(layer.blob().length);
  });

  it('of the catalogue stand in the table (else: node scripts/run.mjs layer-digests)', () => {
    let smallest: ImageLayer | undefined;
    for (const { name, tags } of registries) {
      for (const make of tags.values()) {
        for (const layer of make().layers) {
          expect(layerDigests(layer.listingDigest ?? ''), name).toBeDefined();
          if (layer.size > 0 && layer.size < (smallest?.size ?? Infinity)) smallest = layer;
        }
      }
    }
    expect(smallest?.diffId).toBe(`sha256:${sha256HexOf(smallest?.tar() ?? [])}`);
    expect(smallest?.blobDigest).toBe(`sha256:${sha256HexOf([smallest?.blob() ?? new Uint8Array()])}`);
  });
});
