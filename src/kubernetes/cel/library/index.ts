import type { Library } from '../functions';
import { authz } from './authz';
import { standard } from './standard';

/** What expressions can call: the environment of Kubernetes 1.33. */
export const libraries: readonly Library[] = [standard, authz];
