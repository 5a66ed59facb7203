import type { Library } from '../functions';
import { standard } from './standard';

/** What expressions can call: the environment of Kubernetes 1.33. */
export const libraries: readonly Library[] = [standard];
