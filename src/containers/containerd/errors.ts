import { err } from '../../sim/result';
import type { CriError } from './cri';

/** containerd's errors as gRPC statuses. */
export const unknown = (message: string) => err({ code: 'Unknown', message } as const satisfies CriError);

export const notFound = (what: string, id: string) =>
  err({
    code: 'NotFound',
    message: `an error occurred when try to find ${what} ${JSON.stringify(id)}: not found`,
  } as const satisfies CriError);

export const prefixed = (text: string, { code, message }: CriError): CriError => ({ code, message: text + message });
