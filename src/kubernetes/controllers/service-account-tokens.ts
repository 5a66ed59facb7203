import { secret as secretKind, type Secret } from '../api/core/secret';
import { serviceAccount as accountKind, type ServiceAccount } from '../api/core/serviceaccount';
import { keyOf, splitKey } from '../apimachinery/object';
import { base64 } from '../../linux/net/tls/pem';
import { encode } from '../../linux/io/bytes';
import { defineController, every, type ControllerDefinition, type Outcome } from './controller';

const TOKEN = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';
/** Keys of secrets that have gone: whose they were stands behind the name. */
const GONE = 'gone ';

/** Who has the key with which tokens are signed (--service-account-private-key-file). */
export interface TokenSigner {
  issueLegacy(account: ServiceAccount, secret: Secret): string;
}

/** Fills the secrets that ask for the token of a service account. Upstream: pkg/controller/serviceaccount/tokens_controller.go */
export const serviceAccountTokenController = (signer: TokenSigner, rootCa: string): ControllerDefinition =>
  defineController('serviceaccount-token-controller', ({ client }) => {
    const isOf = ({ type, metadata: { annotations = {} } }: Secret, account: ServiceAccount['metadata']): boolean =>
      type === TOKEN && annotations[NAME] === account.name && (annotations[UID] ?? account.uid) === account.uid;

    function fill(found: Secret): Outcome {
      const { namespace, name, annotations = {}, uid } = found.metadata;
      const account = client.get(accountKind, namespace, annotations[NAME] ?? '');
      if (account === undefined || !isOf(found, account.metadata)) {
        client.delete(secretKind, namespace, name, { preconditions: { uid } });
        return undefined;
      }
      const { data = {} } = found;
      const ca = base64(encode(rootCa));
      const needsCa = rootCa !== '' && data['ca.crt'] !== ca;
      const needsNamespace = (data['namespace'] ?? '') === '';
      const needsToken = (data['token'] ?? '') === '';
      if (!needsCa && !needsNamespace && !needsToken) return undefined;
      const written = client.update(secretKind, {
        ...found,
        metadata: {
          ...found.metadata,
          annotations: { ...annotations, [NAME]: account.metadata.name, [UID]: account.metadata.uid },
        },
        data: {
          ...data,
          ...(needsCa ? { 'ca.crt': ca } : {}),
          ...(needsNamespace ? { namespace: base64(encode(namespace)) } : {}),
          ...(needsToken ? { token: base64(encode(signer.issueLegacy(account, found))) } : {}),
        },
      });
      return written.ok || written.error.code === 404 || written.error.code === 409 ? undefined : 'retry';
    }

    /** removeSecretReference */
    function forget(namespace: string, accountName: string, name: string): void {
      const account = client.get(accountKind, namespace, accountName);
      if (account?.secrets?.some((each) => each.name === name) !== true) return;
      const secrets = account.secrets.filter((each) => each.name !== name);
      client.mutate(accountKind, namespace, accountName, ({ secrets: _before, ...now }) => ({
        ...now,
        ...(secrets.length === 0 ? {} : { secrets }),
      }));
    }

    return {
      watches: [
        every(accountKind, (account) => {
          // What had its tokens is gone, or is another of the same name.
          const { namespace } = account.metadata;
          const live = client.get(accountKind, namespace, account.metadata.name);
          if (live?.metadata.uid === account.metadata.uid) return undefined;
          return client
            .list(secretKind, { namespace })
            .filter((each) => isOf(each, account.metadata))
            .map((each) => keyOf(each));
        }),
        every(secretKind, (each) => {
          const { namespace, name, annotations = {}, uid } = each.metadata;
          if (each.type !== TOKEN) return undefined;
          if (client.get(secretKind, namespace, name)?.metadata.uid === uid) return keyOf(each);
          return `${GONE}${namespace}/${name} ${annotations[NAME] ?? ''}`;
        }),
      ],
      sync(key) {
        if (key.startsWith(GONE)) {
          const [whole = '', account = ''] = key.slice(GONE.length).split(' ');
          const { namespace = '', name } = splitKey(whole);
          if (client.get(secretKind, namespace, name) === undefined) forget(namespace, account, name);
          return undefined;
        }
        const { namespace, name } = splitKey(key);
        const found = client.get(secretKind, namespace, name);
        return found?.type === TOKEN ? fill(found) : undefined;
      },
    };
  });
