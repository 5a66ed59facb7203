import type { Response } from '../../../linux/net/http/message';
import { binding as bindingKind } from '../../api/core/binding';
import { failure, type Status } from '../../apimachinery/status';
import { componentStatuses } from './component-status';
import type { Exchange, Routed } from './exchange';
import { patch } from './patch';
import { get, list, revisionProblem } from './read';
import { refuse } from './respond';
import { review } from './reviews';
import { noSuchPath } from './route';
import { binding as bind, subresource } from './subresources';
import { watch } from './watch';
import { create, remove, removeCollection, update } from './write';

const noSuchMethod: Status = {
  ...failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
  details: {},
};

/** The verb: 405 where the path has none such, and whatever reading or writing answers. */
export function serve(exchange: Exchange): Response | Promise<Response> {
  const { kind, info } = exchange;
  if (kind === undefined || info.verb === 'proxy') return refuse(noSuchPath);
  if (info.verb === 'watch') {
    // `/api/v1/watch/…` has no subresources, and takes nothing but GET.
    if (info.subresource !== '' || kind.createOnly || kind.computed) return refuse(noSuchPath);
    if (info.method !== 'GET') return refuse(noSuchMethod);
  }
  const routed: Routed = Object.assign(exchange, { kind });
  if (kind.computed) {
    if (info.subresource !== '') return refuse(noSuchPath);
    return info.verb === 'get' || info.verb === 'list' ? componentStatuses(routed) : refuse(noSuchMethod);
  }
  if (kind.resource === bindingKind.resource && info.verb === 'create' && info.name === '') return bind(routed);
  if (kind.createOnly)
    return info.verb === 'create' && info.name === ''
      ? review(routed)
      : refuse(info.name === '' ? noSuchMethod : noSuchPath);
  if (info.subresource !== '' && info.subresource !== 'status') return subresource(routed) ?? refuse(noSuchPath);
  if (info.subresource === 'status' && !kind.hasStatus) return refuse(noSuchPath);
  const status = info.subresource === 'status';
  switch (info.verb) {
    case 'get':
      return get(routed);
    case 'list':
      return refuseOr(revisionProblem(routed), () => list(routed));
    case 'watch':
      return refuseOr(revisionProblem(routed), () => watch(routed));
    case 'create':
      if (info.name !== '' || (kind.namespaced && info.namespace === undefined)) return refuse(noSuchMethod);
      return create(routed);
    case 'update':
      return info.name === '' ? refuse(noSuchMethod) : update(routed);
    case 'patch':
      return info.name === '' ? refuse(noSuchMethod) : patch(routed);
    case 'delete':
      return status ? refuse(noSuchMethod) : remove(routed);
    case 'deletecollection':
      if (kind.resource === 'namespaces') return refuse(noSuchMethod);
      return removeCollection(routed);
    case 'head':
    case 'options':
    case '':
      return refuse(noSuchMethod);
  }
}

const refuseOr = (problem: Status | undefined, answer: () => Response): Response =>
  problem === undefined ? answer() : refuse(problem);
