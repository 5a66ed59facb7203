import { createTree, type Tree, type TreeEntry } from '../../linux/fs';
import type { FileContent } from '../../linux/fs/types';
import { elf } from '../../linux/process/executable';
import { sizeOf, type Content, type Entry } from './entries';
import type { ImageLayer } from './layer';

const trees = new WeakMap<ImageLayer, Tree>();

/** A layer as a read-only tree of the file system: one for all hosts, made when somebody looks into it. */
export function treeOf(layer: ImageLayer): Tree {
  let tree = trees.get(layer);
  if (tree === undefined) {
    tree = createTree(() => entriesOf(layer), { mtime: layer.mtime });
    trees.set(layer, tree);
  }
  return tree;
}

function* entriesOf({ entries }: ImageLayer): Generator<readonly [string, TreeEntry]> {
  for (const path in entries) {
    const entry = entries[path];
    if (entry !== undefined) yield [path, treeEntry(entry)];
  }
}

function treeEntry(entry: Entry): TreeEntry {
  if (entry.type !== 'file') return entry;
  const { mode, uid, gid } = entry;
  return { type: 'file', mode, uid, gid, content: contentOf(entry.content, sizeOf(entry)) };
}

function contentOf(content: Content, size: number): FileContent | string {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'program':
      return elf(content.program, size);
    case 'bulk':
      return { size, make: () => new Uint8Array(size) };
  }
}
