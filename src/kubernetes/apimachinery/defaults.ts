/** What was given, and the defaults for what was not. */
export const withDefaults = <T extends object>(given: T | undefined, defaults: Partial<T>): T =>
  ({ ...defaults, ...given }) as T;
