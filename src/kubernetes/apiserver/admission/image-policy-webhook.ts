import { pod as podKind, type Pod } from '../../api/core/pod';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';
import { deny } from './deny';
import { notYet } from './webhook/calls';

/** The plugin's configuration, with what stands in the kubeconfig that it names. */
interface ImagePolicy {
  readonly url: string;
  readonly caBundle?: string | undefined;
  /** Milliseconds. */
  readonly allowTTL: number;
  readonly denyTTL: number;
  readonly defaultAllow: boolean;
}

interface Review {
  readonly allowed: boolean;
  readonly reason: string;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Kept {
  readonly review: Review;
  readonly until: number;
}

const prefix = 'imagepolicywebhook.image-policy.k8s.io/';
/** How many answers are kept. */
const most = 1024;

/** ImagePolicyWebhook: a server says which images may run. */
export function imagePolicyWebhook(): AdmissionPlugin {
  const kept = new Map<string, Kept>();
  return {
    name: 'ImagePolicyWebhook',
    resources: [podKind.resource],
    validate(attributes, storage, server): Status | undefined {
      const { operation, subresource, object, actor } = attributes;
      const policy = server.configurations().get('ImagePolicyWebhook') as ImagePolicy | undefined;
      if (policy === undefined || operation === 'DELETE' || actor.webhooks === undefined) return undefined;
      if (subresource !== undefined && subresource !== 'ephemeralcontainers') return undefined;
      const spec = JSON.stringify(specOf(object as ApiObject as Pod, subresource));
      const known = kept.get(spec);
      if (known !== undefined && known.until >= storage.clock.now) return told(attributes, known.review);
      const { url, caBundle } = policy;
      const answer = actor.webhooks.answer(`image policy ${spec}`, () => ({
        url: `${url}${url.includes('?') ? '&' : '?'}timeout=30s`,
        service: undefined,
        caBundle,
        body: `{"kind":"ImageReview","apiVersion":"imagepolicy.k8s.io/v1alpha1","metadata":{},"spec":${spec},"status":{"allowed":false}}`,
        timeout: 30_000,
      }));
      if (answer === undefined) return notYet;
      const failed = (why: string): Status | undefined => {
        if (!policy.defaultAllow) return deny(attributes, why);
        actor.audit?.(`${prefix}failed-open`, 'true');
        return undefined;
      };
      if (!answer.ok) return failed(`Post ${JSON.stringify(`${url}?timeout=30s`)}: ${answer.error}`);
      const { status, body } = answer.value;
      if (status < 200 || status > 299)
        return failed(
          status >= 500
            ? `an error on the server (${JSON.stringify(body.trim() || 'unknown')}) has prevented the request from succeeding`
            : `Error contacting webhook: ${status}`,
        );
      const review = reviewOf(body);
      if (review === undefined) return failed('unexpected end of JSON input');
      const [oldest] = kept.size >= most ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(spec, { review, until: storage.clock.now + (review.allowed ? policy.allowTTL : policy.denyTTL) });
      return told(attributes, review);
    },
  };
}

function told(attributes: Attributes, { allowed, reason, annotations }: Review): Status | undefined {
  for (const [name, value] of Object.entries(annotations)) attributes.actor.audit?.(prefix + name, value);
  if (allowed) return undefined;
  return deny(
    attributes,
    reason === ''
      ? 'one or more images rejected by webhook backend'
      : `image policy webhook backend denied one or more images: ${reason}`,
  );
}

function specOf({ metadata, spec }: Pod, subresource: string | undefined): object {
  const containers =
    subresource === undefined ? [...spec.containers, ...(spec.initContainers ?? [])] : (spec.ephemeralContainers ?? []);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
    key.includes('.image-policy.k8s.io/'),
  );
  return {
    containers: containers.map(({ image }) => ({ image })),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    namespace: metadata.namespace,
  };
}

function reviewOf(body: string): Review | undefined {
  try {
    const { status } = JSON.parse(body) as { status?: Readonly<Record<string, unknown>> };
    const { allowed, reason, auditAnnotations } = status ?? {};
    return {
      allowed: allowed === true,
      reason: typeof reason === 'string' ? reason : '',
      annotations: (auditAnnotations ?? {}) as Readonly<Record<string, string>>,
    };
  } catch {
    return undefined;
  }
}
