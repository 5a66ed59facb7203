export { createRootFileSystem, type Disk, type Namespace, type RootFileSystemOptions } from './mount-namespace';
export { shareFolder } from './share';
export { createTree, type Tree, type TreeEntries, type TreeEntry, type TreeNode } from './tree';
export type * from './types';
