import { decode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import { dumpFlowControl } from '../flowcontrol/dump';
import type { Exchange } from './exchange';
import { plain } from './respond';

/** What can be looked at and set of a running server. Its profiles are those of a Go program: there are none here. */
export function debug(exchange: Exchange): Response | undefined {
  const { info, server, body, request } = exchange;
  if (info.path === '/debug/flags/v') return verbosity(request.method, decode(body));
  if (info.path === '/debug/flags' || info.path.startsWith('/debug/flags/'))
    return plain(200, flags, { 'Content-Type': 'text/html; charset=utf-8' });
  return dumpFlowControl(info.path, server.flowControl);
}

const flags = `<html>
<head>
<title>/debug/flags/</title>
</head>
<body>
/debug/flags/<br>
<br>
flags:<br>
<table>

<tr>v<br>

</table>
<br>
full flags configurable<br>
</body>
</html>
`;

/** How much goes to the log (logs.GlogSetter), which has one level here. */
function verbosity(method: string, text: string): Response {
  const type = { 'Content-Type': 'text/plain' };
  if (method !== 'PUT') return plain(406, 'unsupported http method\n', type);
  return /^\d{1,10}$/.test(text)
    ? plain(200, `successfully set klog.logging.verbosity to ${text}\n`, type)
    : plain(400, `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax\n`, type);
}
