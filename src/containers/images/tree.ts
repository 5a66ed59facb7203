import { createTree, type Tree, type TreeEntry } from '../../linux/fs';
import { fileContent } from './content';
import type { Entry } from './entries';
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

const treeEntry = (entry: Entry): TreeEntry =>
  entry.type === 'file' ? { ...entry, content: fileContent(entry.content) } : entry;
