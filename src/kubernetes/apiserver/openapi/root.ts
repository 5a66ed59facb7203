import { Components, type Json } from './components';
import { documentWith } from './document';
import { operationNameOf, tagOf } from './names';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

interface RootPath {
  readonly description: string;
  readonly operationId: string;
  readonly tag: string;
  /** Of k8s.io/apimachinery; absent: a text. */
  readonly answers?: string;
  readonly types?: readonly string[];
}

/** Paths whose documents describe them alone (pkg/routes, endpoints/discovery of k8s.io/apiserver). */
const roots: Readonly<Record<string, RootPath>> = {
  '.well-known/openid-configuration': {
    description: "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
    operationId: 'getServiceAccountIssuerOpenIDConfiguration',
    tag: 'WellKnown',
    types: ['application/json'],
  },
  api: {
    description: 'get available API versions',
    operationId: 'getCoreAPIVersions',
    tag: 'core',
    answers: `${meta}.APIVersions`,
  },
  apis: {
    description: 'get available API versions',
    operationId: 'getAPIVersions',
    tag: 'apis',
    answers: `${meta}.APIGroupList`,
  },
  'openid/v1/jwks': {
    description: 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)',
    operationId: 'getServiceAccountIssuerOpenIDKeyset',
    tag: 'openid',
    types: ['application/jwk-set+json'],
  },
  version: {
    description: 'get the version information for this server',
    operationId: 'getCodeVersion',
    tag: 'version',
    answers: 'io.k8s.apimachinery.pkg.version.Info',
    types: ['application/json'],
  },
};

const negotiated = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];

function rootOf(path: string): RootPath | undefined {
  if (Object.hasOwn(roots, path)) return roots[path];
  const [, group] = /^apis\/([^/]+)$/.exec(path) ?? [];
  if (group === undefined) return undefined;
  const operationId = `get${operationNameOf(group)}APIGroup`;
  return { description: 'get information of a group', operationId, tag: tagOf(group), answers: `${meta}.APIGroup` };
}

function listingPath(
  path: string,
  { description, operationId, tag, answers, types = negotiated }: RootPath,
  components: Components,
): Json {
  const schema = answers === undefined ? { type: 'string' } : components.reference(answers);
  return {
    [`/${path}/`]: {
      get: {
        tags: [tag],
        description,
        operationId,
        responses: {
          '200': { description: 'OK', content: Object.fromEntries(types.map((type) => [type, { schema }])) },
          '401': { description: 'Unauthorized' },
        },
      },
    },
  };
}

/** The document of a path that is no group version, whose types are loaded. */
export function rootDocument(path: string): Json {
  const components = new Components();
  const root = rootOf(path);
  return documentWith(root === undefined ? {} : listingPath(path, root, components), components);
}
