import { secret as secretKind } from '../../api/core/secret';
import { keyOf, splitKey } from '../../apimachinery/object';
import { defineController, every } from '../controller';
import { timeLeft, TOKEN_NAMESPACE, TOKEN_TYPE } from './tokens';

/** Deletes bootstrap tokens whose time is over. Upstream: pkg/controller/bootstrap/tokencleaner.go */
export const tokenCleaner = defineController('token-cleaner', ({ client, clock, later }) => ({
  watches: [
    every(secretKind, (each) =>
      each.type === TOKEN_TYPE && each.metadata.namespace === TOKEN_NAMESPACE ? keyOf(each) : undefined,
    ),
  ],
  sync(key) {
    const { namespace, name } = splitKey(key);
    const found = client.get(secretKind, namespace, name);
    const left = found?.type === TOKEN_TYPE ? timeLeft(found, clock.now) : undefined;
    if (found === undefined || left === undefined) return;
    if (left > 0) later(key, left);
    else client.delete(secretKind, namespace, name, { preconditions: { uid: found.metadata.uid } });
  },
}));
