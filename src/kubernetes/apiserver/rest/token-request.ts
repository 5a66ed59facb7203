import type { Response } from '../../../linux/net/http/message';
import { tokenRequest, type BoundObjectReference, type TokenRequest } from '../../api/authentication/reviews';
import { node as nodeKind } from '../../api/core/node';
import { pod as podKind } from '../../api/core/pod';
import { secret as secretKind } from '../../api/core/secret';
import { serviceAccount as serviceAccountKind } from '../../api/core/serviceaccount';
import { err, ok, type Result } from '../../../sim/result';
import { FieldErrors } from '../../apimachinery/field-errors';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, conflict, invalid, notFound, type Status } from '../../apimachinery/status';
import { timeOf } from '../../apimachinery/time';
import { issuer, type Reference, type TokenClaims } from '../authentication/service-account-tokens';
import { decodeObject } from './decode';
import type { Routed } from './exchange';
import { withManagers } from './read';
import { answer, refuse } from './respond';
import { dryRunOf } from './write';

/** POST …/serviceaccounts/NAME/token: how kubelets get the tokens that pods carry (TokenREST.Create). */
export function requestToken(exchange: Routed): Response {
  const { info, client, server, negotiated } = exchange;
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const decoded = decodeObject(exchange, tokenRequest as unknown as Kind);
  if (!decoded.ok) return refuse(decoded.error);
  const sent = decoded.value as TokenRequest;

  const account = client.get(serviceAccountKind, info.namespace, info.name);
  if (account === undefined) return refuse(notFound(serviceAccountKind.names, info.name));
  const { namespace, name, uid } = account.metadata;
  const misplaced = placeProblem(sent, namespace, name);
  if (misplaced !== undefined) return refuse(misplaced);

  const errors = new FieldErrors();
  tokenRequest.validate(sent, errors);
  if (errors.any) return refuse(invalid('authentication.k8s.io', 'TokenRequest', '', errors.causes));
  const { audiences = [], expirationSeconds = 3600, boundObjectRef = null } = sent.spec ?? {};
  const bound = boundTo(exchange, boundObjectRef);
  if (!bound.ok) return refuse(bound.error);

  const issued = server.registry.tokens.issue({
    namespace,
    serviceAccount: name,
    serviceAccountUid: uid,
    audiences,
    expirationSeconds,
    ...bound.value,
  });
  const time = server.clock.now;
  const { agent } = client.actor;
  server.registry.storage.managed.record(tokenRequest as unknown as Kind, sent, undefined, {
    agent,
    subresource: 'token',
    time,
  });
  const { metadata } = withManagers(server, tokenRequest as unknown as Kind, sent);
  return answer(
    201,
    {
      kind: 'TokenRequest',
      apiVersion: tokenRequest.apiVersion,
      metadata: { ...metadata, name, namespace, creationTimestamp: timeOf(time) },
      spec: { audiences: audiences.length === 0 ? [issuer] : audiences, expirationSeconds, boundObjectRef },
      status: { token: issued.token, expirationTimestamp: timeOf(issued.expires) },
    },
    negotiated.format,
  );
}

/** The request may say whose token it is about, but not another's. */
function placeProblem({ metadata }: TokenRequest, namespace: string, name: string): Status | undefined {
  const said = metadata?.name ?? '';
  if (said !== '' && said !== name)
    return invalid('authentication.k8s.io', 'TokenRequest', said, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(said)}: must match the service account name if specified`,
        field: 'metadata.name',
      },
    ]);
  const where = metadata?.namespace ?? '';
  return where === '' || where === namespace
    ? undefined
    : badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

type Bound = Pick<TokenClaims, 'pod' | 'node' | 'secret'>;

/** With what the token ends. */
function boundTo({ client, info }: Routed, reference: BoundObjectReference | null): Result<Bound, Status> {
  if (reference === null) return ok({});
  const { kind = '', apiVersion = '', name = '', uid = '' } = reference;
  const found = <T extends ApiObject>(of: Kind<T>): Result<T, Status> => {
    const object = client.get(of, info.namespace, name);
    if (object === undefined) return err(notFound(of.names, name));
    if (uid === '' || uid === object.metadata.uid) return ok(object);
    return err(
      conflict(
        { group: '', plural: kind },
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      ),
    );
  };
  switch (apiVersion === 'v1' ? kind : '') {
    case 'Pod': {
      const pod = found(podKind);
      if (!pod.ok) return pod;
      const { serviceAccountName, nodeName } = pod.value.spec;
      if (serviceAccountName !== info.name)
        return err(
          badRequest(
            `cannot bind token for serviceaccount ${JSON.stringify(info.name)} to pod running with different serviceaccount name.`,
          ),
        );
      const node = nodeName === undefined ? undefined : client.get(nodeKind, undefined, nodeName);
      return ok({ pod: referenceTo(pod.value), ...(node === undefined ? {} : { node: referenceTo(node) }) });
    }
    case 'Node': {
      const node = found(nodeKind);
      return node.ok ? ok({ node: referenceTo(node.value) }) : node;
    }
    case 'Secret': {
      const secret = found(secretKind);
      return secret.ok ? ok({ secret: referenceTo(secret.value) }) : secret;
    }
    default:
      return err(badRequest(`cannot bind token to object of type ${goVersionKind(apiVersion, kind)}`));
  }
}

const referenceTo = ({ metadata: { name, uid } }: ApiObject): Reference => ({ name, uid });

/** schema.GroupVersionKind as it prints itself. */
function goVersionKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return `${group}/${apiVersion.slice(slash + 1)}, Kind=${kind}`;
}
