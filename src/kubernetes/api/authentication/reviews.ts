import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { bool, int64, list, map, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { object } from '../meta/schema';

const group = 'authentication.k8s.io';

const userInfo = struct('UserInfo', {
  username: str,
  uid: str,
  groups: list(str),
  extra: map({ ...list(str), go: 'v1.ExtraValue' }),
});

export interface TokenReview extends ApiObject {
  readonly spec: { readonly token?: string; readonly audiences?: readonly string[] };
  readonly status?: object;
}

export const tokenReview = defineKind<TokenReview>({
  names: { group, version: 'v1', kind: 'TokenReview', plural: 'tokenreviews' },
  scope: 'Cluster',
  createOnly: true,
  schema: object('TokenReview', {
    spec: need(struct('TokenReviewSpec', { token: str, audiences: list(str) })),
    status: struct('TokenReviewStatus', { authenticated: bool, user: userInfo, audiences: list(str), error: str }),
  }),
});

export interface SelfSubjectReview extends ApiObject {
  readonly status?: object;
}

export const selfSubjectReview = defineKind<SelfSubjectReview>({
  names: { group, version: 'v1', kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' },
  scope: 'Cluster',
  createOnly: true,
  schema: object('SelfSubjectReview', { status: struct('SelfSubjectReviewStatus', { userInfo }) }),
});

export interface BoundObjectReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

export interface TokenRequest extends ApiObject {
  readonly spec: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundObjectReference | null;
  };
  readonly status?: object;
}

/** Not served by itself: serviceaccounts/token. */
export const tokenRequest = defineKind<TokenRequest>({
  names: { group, version: 'v1', kind: 'TokenRequest', plural: 'tokenrequests' },
  scope: 'Namespaced',
  createOnly: true,
  schema: object('TokenRequest', {
    spec: need(
      struct('TokenRequestSpec', {
        audiences: list(str),
        expirationSeconds: ptr(int64),
        boundObjectRef: ptr(struct('BoundObjectReference', { kind: str, apiVersion: str, name: str, uid: str })),
      }),
    ),
    status: struct('TokenRequestStatus', { token: str, expirationTimestamp: time }),
  }),
  validate: ({ spec }, errors) => {
    const { expirationSeconds: seconds = 3600 } = spec ?? {};
    const at = errors.at('spec').at('expirationSeconds');
    if (seconds < 600) at.invalid(seconds, 'may not specify a duration less than 10 minutes');
    if (seconds > 2 ** 32) at.invalid(seconds, 'may not specify a duration larger than 2^32 seconds');
  },
});
