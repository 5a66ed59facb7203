const { Request, Response } = require('internal_web');
const once = (request, url) =>
  new Promise((resolve, reject) => {
    const fail = (cause) =>
      reject(
        cause && cause.name === 'AbortError'
          ? cause
          : cause && cause.name === 'TimeoutError'
            ? cause
            : Object.assign(new TypeError('fetch failed'), { cause }),
      );
    if (request.signal && request.signal.aborted) return reject(request.signal.reason);
    let target;
    try {
      target = new URL(url);
    } catch (cause) {
      return reject(Object.assign(new TypeError(`Failed to parse URL from ${url}`), { cause }));
    }
    const headers = Object.fromEntries(request.headers);
    const made = require(target.protocol === 'https:' ? 'https' : 'http').request(target, {
      method: request.method,
      headers: { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node', ...headers },
      signal: request.signal,
    });
    made.on('error', fail);
    made.on('response', (response) => {
      const chunks = [];
      let end;
      const whole = new Promise((done, broken) => {
        end = done;
        response.on('error', (cause) => broken(Object.assign(new TypeError('terminated'), { cause })));
      });
      whole.catch(() => undefined);
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => end(Buffer.concat(chunks)));
      const fields = [];
      for (let at = 0; at < response.rawHeaders.length; at += 2)
        fields.push([response.rawHeaders[at], response.rawHeaders[at + 1]]);
      resolve(
        new Response(() => whole, {
          status: response.statusCode,
          statusText: response.statusMessage,
          headers: fields,
          url: target.href,
        }),
      );
    });
    made.end(
      request.$content === undefined
        ? undefined
        : typeof request.$content === 'string'
          ? request.$content
          : Buffer.from(request.$content),
    );
  });
const fetch = async (input, init) => {
  const request = new Request(input, init);
  let { url } = request;
  for (let hops = 0; hops < 20; hops++) {
    const response = await once(request, url);
    const location = response.headers.get('location');
    if (!location || request.redirect !== 'follow' || ![301, 302, 303, 307, 308].includes(response.status))
      return Object.assign(response, { redirected: hops > 0 });
    url = new URL(location, url).href;
  }
  throw new TypeError('fetch failed');
};
module.exports = { fetch };
