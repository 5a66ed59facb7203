import type { Response } from '../../../linux/net/http/message';
import { selfSubjectReview, tokenReview } from '../../api/authentication/reviews';
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from '../../api/authorization/reviews';
import { FieldErrors } from '../../apimachinery/field-errors';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, invalid } from '../../apimachinery/status';
import { timeOf } from '../../apimachinery/time';
import { reviewSelf, reviewToken } from '../authentication/reviews';
import { reviewAccess, reviewRules } from '../authorization/reviews';
import { decodeObject } from './decode';
import type { Routed } from './exchange';
import { withManagers } from './read';
import { negotiate } from './negotiate';
import { answer, refuse } from './respond';
import { dryRunOf, place } from './write';

/** How a question is answered: what stands in the answer besides what was asked. */
export interface ReviewAnswer {
  /** What was asked, where the answer repeats it. */
  readonly spec?: object;
  readonly status: object;
  /** The answer is an object of its own: nobody manages fields of it. */
  readonly isNew?: boolean;
  /** The answer says when it was given. */
  readonly isDated?: boolean;
}

type Answered = ReviewAnswer | ReturnType<typeof badRequest>;
type Reviewer = (exchange: Routed, review: ApiObject) => Answered | Promise<Answered>;

const reviewers = new Map<string, Reviewer>([
  [subjectAccessReview.resource, reviewAccess],
  [localSubjectAccessReview.resource, reviewAccess],
  [selfSubjectAccessReview.resource, reviewAccess],
  [selfSubjectRulesReview.resource, reviewRules],
  [tokenReview.resource, reviewToken],
  [selfSubjectReview.resource, reviewSelf],
]);

/** POST of a question: SubjectAccessReview and its like. */
export function review(exchange: Routed): Response | Promise<Response> {
  const { kind, info } = exchange;
  // Nothing converts a question to a table.
  const negotiated = negotiate(exchange.request.headers.get('Accept'), false);
  if (!negotiated.ok) return refuse(negotiated.error);
  const reviewer = reviewers.get(kind.resource);
  if (reviewer === undefined) return refuse(badRequest(`no reviewer for ${kind.resource}`));
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const decoded = decodeObject(exchange, kind);
  if (!decoded.ok) return refuse(decoded.error);
  const placed = place(decoded.value, info, kind.namespaced);
  if (!placed.ok) return refuse(placed.error);
  const asked = placed.value;

  const errors = new FieldErrors();
  kind.validate(asked, errors);
  if (errors.any) return refuse(invalid(kind.names.group, kind.names.kind, '', errors.causes));

  const found = reviewer(exchange, asked);
  return found instanceof Promise
    ? found.then((each) => shownOf(exchange, asked, each))
    : shownOf(exchange, asked, found);
}

function shownOf({ kind, server, client, negotiated }: Routed, asked: ApiObject, found: Answered): Response {
  if ('code' in found) return refuse(found);
  const { agent } = client.actor;
  const time = server.clock.now;
  server.registry.storage.managed.record(kind, asked, undefined, { agent, subresource: '', time });
  const shown = found.isNew === true ? { metadata: {} } : withManagers(server, kind, asked);
  const creationTimestamp = found.isDated === true ? timeOf(time) : null;
  return answer(
    201,
    {
      kind: kind.names.kind,
      apiVersion: kind.apiVersion,
      metadata: { ...shown.metadata, creationTimestamp },
      ...(found.spec === undefined ? {} : { spec: found.spec }),
      status: found.status,
    },
    negotiated.format,
  );
}
