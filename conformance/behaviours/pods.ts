import { at, type Thing } from './client';
import type { Framework } from './framework';

export const BUSYBOX = 'docker.io/library/busybox:1.37';
export const HTTPD = 'docker.io/library/httpd:2.4';

interface Program {
  /** For busybox's shell; none: what the image runs. */
  readonly script?: string;
  readonly name?: string;
  readonly image?: string;
  /** More of the container. */
  readonly container?: object;
  /** More of the pod's spec. */
  readonly spec?: object;
  readonly metadata?: object;
}

/** A container of busybox that runs a script. */
export const shellContainer = (script: string, name = 'test-container', more: object = {}) => ({
  name,
  image: BUSYBOX,
  command: ['sh', '-c', script],
  ...more,
});

/** Serves `text` over HTTP. */
export const serve = (text: string, port = 80): string =>
  `mkdir -p /tmp/www && echo '${text}' > /tmp/www/index.html && httpd -f -p ${port} -h /tmp/www`;

/** A pod with one container that ends by itself or by nobody, and never starts again. */
export const podOf = ({ script, name = 'test-pod', image = BUSYBOX, container, spec, metadata }: Program) => ({
  metadata: { name, ...metadata },
  spec: {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'test-container',
        image,
        ...(script === undefined ? {} : { command: ['sh', '-c', script] }),
        ...container,
      },
    ],
    ...spec,
  },
});

/** Mounts one volume into the pod's container. */
export const mounting = (volume: object, mountPath: string, container: object = {}, spec: object = {}) => ({
  container: { volumeMounts: [{ name: 'volume', mountPath }], ...container },
  spec: { volumes: [{ name: 'volume', ...volume }], ...spec },
});

export const SLEEP = 'trap exit TERM; while true; do sleep 1000; done';

/** Creates a pod. */
export const start = (f: Framework, program: Program): Promise<Thing> => f.api.create(f.at('pods'), podOf(program));

/** Waits for a pod's phase; another final one is an error. */
export async function reach(f: Framework, name: string, phase: string): Promise<Thing> {
  let pod: Thing | undefined;
  await f.until(async () => {
    pod = await f.api.get(f.at('pods', name));
    const now = at(pod, 'status', 'phase');
    if (now !== phase && (now === 'Succeeded' || now === 'Failed'))
      throw new Error(`${name} is ${now} instead of ${phase}: ${JSON.stringify(pod['status'])}`);
    return now === phase;
  }, `${name} to be ${phase}`);
  if (pod === undefined) throw new Error('no pod');
  return pod;
}

export const condition = (thing: unknown, type: string): unknown =>
  ((at(thing, 'status', 'conditions') ?? []) as readonly { readonly type: string }[]).find((one) => one.type === type);

export const isReady = (pod: unknown): boolean => at(condition(pod, 'Ready'), 'status') === 'True';

export async function ready(f: Framework, name: string): Promise<Thing> {
  await f.until(async () => isReady(await f.api.get(f.at('pods', name))), `${name} to be ready`);
  return f.api.get(f.at('pods', name));
}

/** What a container has said. */
export async function logs(f: Framework, name: string, container = ''): Promise<string> {
  const { code, text } = await f.api.ask(
    'GET',
    `${f.at('pods', name)}/log${container === '' ? '' : `?container=${container}`}`,
  );
  if (code !== 200) throw new Error(`logs of ${name}: ${code} ${text}`);
  return text;
}

/** Runs a pod to its end, which must be a good one: what it said. */
export async function outputOf(f: Framework, program: Program): Promise<string> {
  const { metadata } = await start(f, program);
  await reach(f, metadata.name, 'Succeeded');
  return logs(f, metadata.name);
}

/** Waits until a container has said something. */
export async function saying(f: Framework, name: string, text: string, container = ''): Promise<void> {
  await f.until(async () => (await logs(f, name, container)).includes(text), `${name} to say ${text}`, 240_000, 3000);
}

/** Runs a script in a container. */
export const exec = (f: Framework, pod: string, script: string, container = 'test-container'): Promise<string> =>
  f.kubectl(`exec ${pod} -c ${container} -- sh -c '${script}'`);

/** Says a file's mode and content, as upstream's mounttest does. */
export const look = (...paths: readonly string[]): string =>
  paths.map((path) => `echo "mode of ${path}: $(stat -L -c %A ${path})"; cat ${path}; echo`).join('; ');

/** A text must be in what was said. */
export function contains(f: Framework, said: string, ...parts: readonly string[]): void {
  for (const part of parts) f.holds(said.includes(part), `“${part}” is in “${said}”`);
}
