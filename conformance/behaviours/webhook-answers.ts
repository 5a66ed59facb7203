import { at } from './client';

/** An AdmissionReview or a ConversionReview, as it comes. */
export interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: ReviewRequest;
}

export interface ReviewRequest {
  readonly uid: string;
  readonly operation?: string;
  readonly name?: string;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly desiredAPIVersion?: string;
  readonly objects?: readonly Readonly<Record<string, unknown>>[];
}

type Reviewer = (request: ReviewRequest) => object;

const allowed = { allowed: true };
const denied = (status: object): object => ({ allowed: false, status });
const patched = (...patch: readonly object[]): object =>
  patch.length === 0 ? allowed : { allowed: true, patchType: 'JSONPatch', patch: btoa(JSON.stringify(patch)) };

const KEY = 'webhook-e2e-test';

/** Denies what says so in its data. */
const denyByData =
  (what: string): Reviewer =>
  ({ operation, object, oldObject }) => {
    const said = at(operation === 'DELETE' ? oldObject : object, 'data', KEY);
    if (said === 'webhook-disallow' && operation !== 'DELETE')
      return denied({ reason: `the ${what} contains unwanted ${what === 'configmap' ? 'key and value' : 'data'}` });
    if (said === 'webhook-nondeletable' && operation === 'DELETE')
      return denied({ reason: `the ${what} cannot be deleted because it contains unwanted key and value` });
    return allowed;
  };

/** Adds the stage after the last one that is there. */
const mutateByData: Reviewer = ({ object }) => {
  const add = (stage: number) => ({ op: 'add', path: `/data/mutation-stage-${stage}`, value: 'yes' });
  if (at(object, 'data', 'mutation-stage-1') === 'yes') return patched(add(2));
  return at(object, 'data', 'mutation-start') === 'yes' ? patched(add(1)) : allowed;
};

const denyPods: Reviewer = ({ object }) => {
  const reasons: string[] = [];
  if (at(object, 'metadata', 'labels', KEY) === 'webhook-disallow') reasons.push('the pod contains unwanted label;');
  if (at(object, 'spec', 'containers', 0, 'name') === 'webhook-disallow')
    reasons.push('the pod contains unwanted container name;');
  return reasons.length === 0 ? allowed : denied({ message: reasons.join(' ') });
};

const addInitContainer: Reviewer = ({ object }) =>
  at(object, 'metadata', 'name') === 'webhook-to-be-mutated' && at(object, 'spec', 'initContainers') === undefined
    ? patched({
        op: 'add',
        path: '/spec/initContainers',
        value: [{ image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} }],
      })
    : allowed;

const denyAttaching: Reviewer = ({ name, object }) =>
  name === 'to-be-attached-pod' && at(object, 'stdin') === true && at(object, 'container') === 'container1'
    ? denied({ message: `attaching to pod 'to-be-attached-pod' is not allowed` })
    : allowed;

const denyCrds: Reviewer = ({ object }) =>
  at(object, 'metadata', 'labels', KEY) === 'webhook-disallow'
    ? denied({ reason: 'the crd contains unwanted label' })
    : allowed;

const addLabel: Reviewer = ({ object }) =>
  at(object, 'metadata', 'labels') === undefined
    ? patched({ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } })
    : patched({ op: 'add', path: '/metadata/labels/added-label', value: 'yes' });

/** `hostPort` of v1 is `host` and `port` of v2. */
const convert: Reviewer = ({ objects = [], desiredAPIVersion = '' }) => ({
  result: { status: 'Success' },
  convertedObjects: objects.map(({ hostPort, host, port, ...rest }) => {
    const [first, second] = String(hostPort ?? '').split(':');
    const isV1 = desiredAPIVersion.endsWith('/v1');
    const fields = isV1
      ? host === undefined && port === undefined
        ? {}
        : { hostPort: `${String(host ?? '')}:${String(port ?? '')}` }
      : hostPort === undefined
        ? {}
        : { host: first, port: second };
    return { ...rest, ...fields, apiVersion: desiredAPIVersion };
  }),
});

/** What the program answers at its paths. */
export const reviewers: Readonly<Partial<Record<string, Reviewer>>> = {
  '/always-deny': () => denied({ message: 'this webhook denies all requests' }),
  '/always-allow-delay-5s': () => allowed,
  '/add-label': addLabel,
  '/pods': denyPods,
  '/pods/attach': denyAttaching,
  '/mutating-pods': addInitContainer,
  '/configmaps': denyByData('configmap'),
  '/mutating-configmaps': mutateByData,
  '/custom-resource': denyByData('custom resource'),
  '/mutating-custom-resource': mutateByData,
  '/crd': denyCrds,
  '/crdconvert': convert,
};
