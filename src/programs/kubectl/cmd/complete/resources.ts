import { Directive, none, only, type Completions } from '../../../cobra/directives';
import type { Objects } from './objects';

/** What completes the arguments of a command. Source: kubectl pkg/util/completion. */
export type Complete = (objects: Objects, args: readonly string[], wanted: string) => Promise<Completions>;

interface ResourceOptions {
  /** Only these types; else all that the server has. */
  readonly types?: readonly string[];
  /** One object only. */
  readonly single?: boolean;
}

/** `TYPE NAME…` and `TYPE/NAME…`. */
export const resources =
  ({ types, single = false }: ResourceOptions = {}): Complete =>
  async (objects, args, wanted) => {
    const [first] = args;
    const typesFor = async (): Promise<readonly string[]> =>
      types === undefined ? objects.types(wanted) : types.filter((type) => type.startsWith(wanted));
    if (first !== undefined && !first.includes('/')) {
      if (single && args.length > 1) return none;
      return only(without(await objects.names(first, wanted), args.slice(1)));
    }
    const slash = wanted.indexOf('/');
    if (slash < 0) {
      if (first === undefined) return only(await typesFor());
      if (single) return none;
      return { values: (await typesFor()).map((type) => `${type}/`), directive: Directive.noFiles | Directive.noSpace };
    }
    if (single && first !== undefined) return none;
    return only(without(await named(objects, wanted), args));
  };

/** `TYPE/NAM`: the names of a type, behind it. */
async function named(objects: Objects, wanted: string): Promise<readonly string[]> {
  const slash = wanted.indexOf('/');
  const type = wanted.slice(0, slash);
  return (await objects.names(type, wanted.slice(slash + 1))).map((name) => `${type}/${name}`);
}

const without = (values: readonly string[], taken: readonly string[]): readonly string[] =>
  values.filter((value) => !taken.includes(value));

/** Names of one type; `single`: only the first argument is one. */
export const names =
  (type: string, { single = false } = {}): Complete =>
  async (objects, args, wanted) =>
    single && args.length > 0 ? none : only(without(await objects.names(type, wanted), args));

const withPods = [
  'daemonsets',
  'deployments',
  'pods',
  'jobs',
  'replicasets',
  'replicationcontrollers',
  'services',
  'statefulsets',
];

async function podOrOwner(objects: Objects, wanted: string): Promise<Completions> {
  if (wanted.includes('/')) return only(await named(objects, wanted));
  const pods = await objects.names('pod', wanted);
  const owners = withPods.filter((type) => type.startsWith(wanted)).map((type) => `${type}/`);
  // Only `TYPE/` is left: the name follows at once.
  return { values: [...pods, ...owners], directive: Directive.noFiles | (pods.length === 0 ? Directive.noSpace : 0) };
}

/** A pod, or what has pods. */
export const pod: Complete = async (objects, args, wanted) => (args.length === 0 ? podOrOwner(objects, wanted) : none);

/** A pod and its container. */
export const podAndContainer: Complete = async (objects, args, wanted) => {
  const [first] = args;
  if (first === undefined) return podOrOwner(objects, wanted);
  return args.length === 1 ? only(await objects.containers(first, wanted)) : none;
};

/** Entries of the kubeconfig, as the first argument. */
export const entry =
  (kind: 'contexts' | 'clusters' | 'users'): Complete =>
  async (objects, args, wanted) =>
    args.length === 0 ? only(objects.config(kind, wanted)) : none;
