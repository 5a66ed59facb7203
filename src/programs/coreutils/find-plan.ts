import type { FileType } from '../../linux/fs/types';

export type Expression =
  | { readonly kind: 'and' | 'or' | 'comma'; readonly all: readonly Expression[] }
  | { readonly kind: 'not'; readonly one: Expression }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'name' | 'path' | 'lname'; readonly glob: string; readonly ignoreCase: boolean }
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'type'; readonly types: readonly FileType[]; readonly follow: boolean }
  | {
      readonly kind: 'number';
      readonly what: string;
      readonly unit: number;
      readonly compare: (value: number) => boolean;
    }
  | { readonly kind: 'empty' | 'prune' | 'quit' | 'ls' | 'delete' }
  | { readonly kind: 'newer'; readonly what: 'atime' | 'ctime' | 'mtime'; readonly than: number }
  | { readonly kind: 'perm'; readonly mode: number; readonly how: 'exact' | 'all' | 'any' }
  | { readonly kind: 'owner'; readonly what: 'uid' | 'gid'; readonly id: number }
  | { readonly kind: 'nobody'; readonly what: 'uid' | 'gid' }
  | { readonly kind: 'same'; readonly ino: number; readonly dev: number }
  | { readonly kind: 'access'; readonly mode: 'read' | 'write' | 'execute' }
  | { readonly kind: 'print'; readonly end: string; readonly file?: string | undefined }
  | { readonly kind: 'printf'; readonly format: string; readonly file?: string | undefined }
  | {
      readonly kind: 'exec';
      readonly argv: readonly string[];
      readonly many: boolean;
      readonly inDirectory: boolean;
      readonly ask: boolean;
    };

export interface FindPlan {
  readonly paths: readonly string[];
  readonly follow: 'P' | 'L' | 'H';
  readonly expression: Expression;
  readonly minDepth: number;
  readonly maxDepth: number;
  readonly depthFirst: boolean;
  readonly sameDevice: boolean;
}
