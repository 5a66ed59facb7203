import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import { issuer } from '../authentication/service-account-tokens';
import type { Exchange } from './exchange';

/** jwks-max-age of kube-apiserver. */
const cached = 'public, max-age=3600';

const json = (value: unknown, type: string): Response => {
  const body = encode(JSON.stringify(value));
  return {
    status: 200,
    headers: new Headers({ 'Cache-Control': cached, 'Content-Type': type, 'Content-Length': String(body.length) }),
    body,
  };
};

/** Where others find out how to check service account tokens: pkg/routes/openidmetadata.go. */
export function openid({ server, info }: Exchange): Response | undefined {
  switch (info.path.replace(/\/$/, '')) {
    case '/.well-known/openid-configuration':
      return json(
        {
          issuer,
          jwks_uri: `https://${server.address}/openid/v1/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
        'application/json',
      );
    case '/openid/v1/jwks':
      return json({ keys: [server.registry.tokens.publicKey()] }, 'application/jwk-set+json');
    default:
      return undefined;
  }
}
