import type { FileSystem } from '../../../linux/fs/types';
import { sha256Hex } from '../../images/digest';
import type { ImageLayer } from '../../images/layer';
import type { Engine } from '../../dockerd/engine';
import type { Add, Copy } from '../dockerfile/instructions/types';
import { BuildFailure } from '../dockerfile/source';
import { checksum } from '../solve/checksum';
import { cleaned } from '../solve/convert';
import { copyAction } from '../solve/files';
import { hasWildcards, matching } from '../solve/glob';
import { fetchUrl } from '../solve/http';
import { rooted } from '../solve/rooted';
import { workspace } from '../solve/workspace';

/** Where COPY takes from: a folder of the host. */
export interface CopySource {
  readonly root: string;
  /** It is the client's context, not another stage. */
  readonly isContext: boolean;
}

export interface ClassicCopy {
  /** `file:…`, `dir:…`, `multi:…`: what the history and the cache know it by. */
  readonly what: string;
  readonly target: string;
  readonly layer: (layers: readonly ImageLayer[]) => ImageLayer;
}

/** COPY and ADD of the classic builder (builder/dockerfile/copy.go). */
export async function prepareCopy(
  engine: Engine,
  instruction: Add | Copy,
  { root, isContext }: CopySource,
  workingDir: string,
  word: (text: string) => string,
): Promise<ClassicCopy> {
  const command = instruction.kind.toUpperCase();
  refuseBuildKit(instruction);
  const failed = (why: string): BuildFailure => new BuildFailure(`${command} failed: ${why}`);
  if (instruction.paths.length === 0) throw failed('no source files were specified');
  const { host, random } = engine.options;
  const fs = rooted(host, root);
  const found: { readonly fs: FileSystem; readonly path: string; readonly remote: boolean }[] = [];
  const paths = instruction.paths.map(word);
  for (const path of paths) {
    if (/^https?:\/\//.test(path)) {
      if (instruction.kind === 'copy') throw failed(`source can't be a URL for COPY`);
      const fetched = await fetchUrl(engine, { kind: 'http', url: path, filename: '', checksum: '' });
      const folder = `/var/lib/docker/tmp/docker-remote${random.hex(9)}`;
      const name = `/${
        path
          .replace(/[?#].*$/, '')
          .split('/')
          .pop() ?? ''
      }`;
      host.fs.mkdirAll(folder);
      host.fs.writeFile(folder + name, fetched.bytes, 0o600);
      found.push({ fs: rooted(host, folder), path: name, remote: true });
      continue;
    }
    if (isContext && escapes(path)) throw failed(`forbidden path outside the build context: ${path} ()`);
    const source = cleaned(path);
    const matches = matching(fs, source);
    if (matches.length === 0 && hasWildcards(source)) continue;
    if (matches.length === 0) {
      const shown = source.slice(1);
      throw failed(
        isContext
          ? `file not found in build context or excluded by .dockerignore: stat ${shown}: file does not exist`
          : `stat ${shown}: file does not exist`,
      );
    }
    for (const match of matches) found.push({ fs, path: match, remote: false });
  }
  if (found.length === 0) throw failed('no source files were specified');
  const given = word(instruction.target);
  if (found.length > 1 && !given.endsWith('/'))
    throw failed(
      `When using ${command} with more than one source file, the destination must be a directory and end with a /`,
    );
  const absolute = cleaned(given.startsWith('/') ? given : `${workingDir}/${given}`);
  const target = /(^|\/)\.?$/.test(given) && absolute !== '/' ? `${absolute}/` : absolute;
  const digests = found.map((one) => {
    const stat = one.fs.stat(one.path);
    const kind = stat.ok && stat.value.type === 'directory' ? 'dir' : 'file';
    return `${kind}:${checksum(one.fs, one.path)}`;
  });
  const [only = ''] = digests;
  const what = digests.length === 1 ? only : `multi:${sha256Hex(digests.join(','))}`;
  const chown = word(instruction.chown);
  return {
    what: chown === '' ? what : `--chown=${chown} ${what}`,
    target,
    layer: (layers) => {
      const space = workspace(engine, layers);
      try {
        const to = rooted(host, space.root);
        for (const { fs: from, path, remote } of found)
          copyAction(from, to, {
            kind: 'copy',
            from: undefined,
            source: path,
            target,
            chown: chown === '' ? '0:0' : chown,
            chmod: '',
            unpack: instruction.kind === 'add' && !remote,
            wildcard: false,
            contentsOnly: true,
            exclude: [],
            include: [],
            required: [],
          });
        return space.commit();
      } finally {
        space.release();
      }
    },
  };
}

/** What only BuildKit can do. */
function refuseBuildKit(instruction: Add | Copy): void {
  const flags = {
    chmod: instruction.chmod !== '',
    link: instruction.link,
    parents: instruction.kind === 'copy' && instruction.parents,
    exclude: instruction.exclude.length > 0,
  };
  for (const [flag, used] of Object.entries(flags)) if (used) throw needsBuildKit(flag);
}

export const needsBuildKit = (flag: string): BuildFailure =>
  new BuildFailure(
    `the --${flag} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
  );

function escapes(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** Standard error in red, as the classic builder streams it. */
export const inRed = (text: string): string => `\u001b[91m${text}\u001b[0m`;
