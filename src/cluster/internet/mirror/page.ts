import type { FileSystem } from '../../../linux/fs/types';
import type { Request } from '../../../linux/net/http/message';

/** What a web server of the lab's internet answers. */
export interface Page {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly body?: string | Uint8Array;
}

export interface Asked {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly request: Request;
  /** The server's disk. */
  readonly fs?: FileSystem;
}

export const text = (body: string): Page => ({ status: 200, body });
export const json = (value: unknown): Page => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value, undefined, 2)}\n`,
});
export const html = (body: string): Page => ({ status: 200, type: 'text/html; charset=utf-8', body });
export const file = (body: string | Uint8Array): Page => ({ status: 200, type: 'application/octet-stream', body });
export const redirect = (location: string, status = 302): Page => ({
  status,
  headers: { Location: location },
  type: 'text/html; charset=utf-8',
  body: `<html><body>You are being <a href="${location}">redirected</a>.</body></html>`,
});
/** raw.githubusercontent.com's words. */
export const missing: Page = { status: 404, body: '404: Not Found' };
