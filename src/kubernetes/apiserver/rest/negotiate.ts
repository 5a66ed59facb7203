import type { Response } from '../../../linux/net/http/message';
import { err, ok, type Result } from '../../../sim/result';
import { failure, type Status } from '../../apimachinery/status';
import type { Exchange } from './exchange';
import { refuse, type Format } from './respond';

/** In which form the client wants the answer. */
export interface Negotiated {
  readonly format: Format;
  readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly tableVersion: string;
}

const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const plainObject: Negotiated = { format: 'json', as: 'object', tableVersion: 'v1' };

/** 406 where no wish can be granted. */
export function negotiateStage(exchange: Exchange): Response | undefined {
  const negotiated = negotiate(exchange.request.headers.get('Accept'));
  if (!negotiated.ok) return refuse(negotiated.error);
  exchange.negotiated = negotiated.value;
  return undefined;
}

/** The first of the Accept header's wishes that we can grant: NegotiateMediaTypeOptions. */
export function negotiate(accept: string | undefined, tables = true): Result<Negotiated, Status> {
  if (accept === undefined || accept.trim() === '') return ok(plainObject);
  let unknownTransform = false;
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const format = formats[type];
    if (format === undefined) continue;
    const wish = Object.fromEntries(parameters.map((each) => each.split('=', 2) as [string, string]));
    const as = wish['as'];
    if (as === undefined) return ok({ ...plainObject, format });
    const version = wish['v'] ?? '';
    if (
      wish['g'] === 'meta.k8s.io' &&
      (version === 'v1' || version === 'v1beta1') &&
      isTransform(as) &&
      (tables || as !== 'Table')
    )
      return ok({ format, as, tableVersion: version });
    unknownTransform = true;
  }
  return err(
    unknownTransform
      ? failure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted}`)
      : {
          ...failure(
            406,
            'NotAcceptable',
            `406: Not Acceptable

Available representations: ${accepted}`,
          ),
          details: {},
        },
  );
}

const formats: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

const isTransform = (as: string): as is 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' =>
  as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
