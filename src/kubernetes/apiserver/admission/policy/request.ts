import { namespaceType, requestType } from '../../../api/admissionregistration/expressions';
import type { ApiObject } from '../../../apimachinery/object';
import {
  authorizerValue,
  celTypes,
  fromJson,
  resourceCheckValue,
  type AccessQuestion,
  type Value,
} from '../../../cel/index';
import { serviceAccountGroups, splitServiceAccount, withAuthenticated, type User } from '../../authentication/user';
import { userOf } from '../../authorization/ask';
import type { Authorizer } from '../../authorization/authorizer';
import type { Attributes } from '../admission';

/** Values of `object`, `request`, `authorizer` … for one request; made when an expression asks for them. */
export class RequestValues {
  readonly #made = new Map<string, Value>();

  constructor(
    readonly attributes: Attributes,
    readonly namespace: ApiObject | undefined,
    readonly authorizer: Authorizer,
  ) {}

  get(name: string): Value | undefined {
    let value = this.#made.get(name);
    if (value === undefined) {
      value = this.#make(name);
      if (value !== undefined) this.#made.set(name, value);
    }
    return value;
  }

  #make(name: string): Value | undefined {
    const { object, old, operation, kind, subresource = '' } = this.attributes;
    const { dyn } = celTypes;
    switch (name) {
      case 'object':
        return operation === 'DELETE' ? null : fromJson(object, dyn);
      case 'oldObject':
        return old === undefined ? null : fromJson(old, dyn);
      case 'request':
        return fromJson(requestOf(this.attributes), requestType);
      case 'namespaceObject':
        return this.namespace === undefined ? null : fromJson(withUid(this.namespace), namespaceType);
      case 'authorizer':
        return authorizerValue((question) => this.#decide(question));
      case 'authorizer.requestResource': {
        const { group, plural: resource } = kind.names;
        const { namespace, name: objectName } = object.metadata;
        return resourceCheckValue((question) => this.#decide(question), {
          group,
          resource,
          subresource,
          name: objectName,
          ...(namespace === undefined ? {} : { namespace }),
        });
      }
      default:
        return undefined;
    }
  }

  #decide(question: AccessQuestion): { allowed: boolean; reason: string; error?: string } {
    const { user = '', path, group, resource, subresource, namespace, name, verb } = question;
    const { actor } = this.attributes;
    const verdict = this.authorizer.authorize({
      user: user === '' ? userOf(actor) : serviceAccount(user),
      verb: verb ?? '',
      isResource: path === undefined,
      group: group ?? '',
      resource: resource ?? '',
      subresource: subresource ?? '',
      namespace: namespace ?? '',
      name: name ?? '',
      path: path ?? '',
    });
    const { decision, reason, error } = verdict;
    return { allowed: decision === 'Allow', reason, ...(error === undefined ? {} : { error }) };
  }
}

function serviceAccount(name: string): User {
  const [namespace = ''] = splitServiceAccount(name) ?? [];
  return withAuthenticated({ name, groups: serviceAccountGroups(namespace) });
}

/** The namespace as expressions see it: the uid is written large. */
const withUid = ({ metadata, ...rest }: ApiObject): unknown => ({
  ...rest,
  metadata: { ...metadata, UID: metadata.uid },
});

/** cel.CreateAdmissionRequest: what `request` is, and most of an AdmissionReview's request. */
export function requestOf({
  kind,
  operation,
  object,
  actor,
  dryRun,
  subresource = '',
  asked,
}: Attributes): Readonly<Record<string, unknown>> {
  const { group, version, plural: resource } = kind.names;
  const ofKind = { group, version, kind: kind.names.kind };
  const ofResource = { group, version, resource };
  const { name, namespace } = object.metadata;
  return {
    kind: ofKind,
    resource: ofResource,
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: asked === undefined ? ofKind : { ...ofKind, group: asked.names.group, version: asked.names.version },
    requestResource:
      asked === undefined ? ofResource : { ...ofResource, group: asked.names.group, version: asked.names.version },
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    name,
    namespace: namespace ?? (kind.resource === 'namespaces' ? name : ''),
    operation,
    userInfo: {
      username: actor.user,
      ...(actor.uid === undefined ? {} : { uid: actor.uid }),
      groups: actor.groups ?? [],
      ...(actor.extra === undefined ? {} : { extra: actor.extra }),
    },
    dryRun,
    options: operation === 'CONNECT' ? null : { apiVersion: 'meta.k8s.io/v1', kind: optionKinds[operation] },
  };
}

const optionKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;
