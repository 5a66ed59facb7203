import type { Request } from '../../../linux/net/http/message';
import type { Page } from './page';

/** Repositories over HTTP (gitprotocol-http(5)). */
export function serveGit(_request: Request, _owner: string, _name: string, _rest: string): Page {
  return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="GitHub"' }, body: 'Repository not found.' };
}
