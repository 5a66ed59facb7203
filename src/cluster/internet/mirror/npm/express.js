// A stand-in for express with its interface: routing, middleware, answers.
const http = require('http');
const fs = require('fs');
const path = require('path');
const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'application/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  xml: 'application/xml',
};
const mime = (name) => types[name.replace(/^.*\./, '')] || 'application/octet-stream';
const matcher = (pattern, end) => {
  if (pattern instanceof RegExp) return { test: (url) => pattern.exec(url), keys: [] };
  const keys = [];
  const source = String(pattern)
    .replace(/\/$/, '')
    .replace(/[.+^$()[\]{}|\\]/g, '\\$&')
    .replace(/\\?\/?\*(\w+)?/g, (_all, name) => (keys.push(name || '0'), '/?(.*)'))
    .replace(/:(\w+)(\?)?/g, (_all, name, optional) => (keys.push(name), optional ? '?([^/]*)' : '([^/]+)'));
  const made = new RegExp(`^${source}${end ? '/?$' : '(?=/|$)'}`, 'i');
  return { keys, test: (url) => made.exec(url) };
};
const methods = [...http.METHODS.map((each) => each.toLowerCase()), 'all'];
function createRouter() {
  const stack = [];
  const params = {};
  const router = (request, response, done) => {
    let at = 0;
    const base = request.baseUrl || '';
    const url = request.url;
    const outer = request.params;
    const next = (error) => {
      request.baseUrl = base;
      request.url = url;
      if (error === 'route') error = undefined;
      if (error === 'router') return done();
      const layer = stack[at++];
      if (!layer) {
        request.params = outer;
        return done(error);
      }
      const { pathname } = new URL(url, 'http://x');
      const found = layer.match.map((each) => ({ each, hit: each.test(pathname) })).find(({ hit }) => hit);
      if (
        !found ||
        (layer.method &&
          layer.method !== 'all' &&
          layer.method !== request.method.toLowerCase() &&
          !(layer.method === 'get' && request.method === 'HEAD'))
      )
        return next(error);
      request.params = { ...outer };
      found.each.keys.forEach(
        (key, index) =>
          (request.params[key] =
            found.hit[index + 1] === undefined ? undefined : decodeURIComponent(found.hit[index + 1])),
      );
      if (!layer.method) {
        request.baseUrl = base + found.hit[0];
        request.url = url.slice(found.hit[0].length).replace(/^\/?/, '/');
      } else request.route = { path: layer.path, methods: { [layer.method]: true } };
      let handler = 0;
      const step = (fault) => {
        if (fault === 'route') return next();
        const run = layer.handlers[handler++];
        if (!run) return next(fault);
        if (Boolean(fault) !== (run.length === 4)) return step(fault);
        try {
          const made = fault ? run(fault, request, response, step) : run(request, response, step);
          if (made && typeof made.catch === 'function') made.catch(step);
        } catch (thrown) {
          step(thrown);
        }
      };
      step(error);
    };
    next();
  };
  const add = (method, where, handlers) =>
    stack.push({
      method,
      path: where,
      handlers: handlers.flat(Infinity),
      match: [where].flat().map((each) => matcher(each, Boolean(method))),
    });
  router.stack = stack;
  router.use = (first, ...rest) => {
    const paths =
      typeof first === 'string' || (Array.isArray(first) && typeof first[0] === 'string') || first instanceof RegExp;
    add(undefined, paths ? first : '', paths ? rest : [first, ...rest]);
    return router;
  };
  for (const method of methods)
    router[method] = (where, ...handlers) => {
      add(method, where, handlers);
      return router;
    };
  router.route = (where) => {
    const route = {};
    for (const method of methods) route[method] = (...handlers) => (add(method, where, handlers), route);
    return route;
  };
  router.param = (name, run) => ((params[name] = run), router);
  return router;
}
const request = {
  get(name) {
    return this.headers[name.toLowerCase()];
  },
  is(type) {
    return (this.headers['content-type'] || '').includes(type.replace('*', '')) && type;
  },
  accepts(type) {
    return [type].flat()[0];
  },
};
request.header = request.get;
const requestGetters = {
  path: (self) => new URL(self.url, 'http://x').pathname,
  query: (self) => Object.fromEntries(new URL(self.url, 'http://x').searchParams),
  hostname: (self) => (self.headers.host || '').replace(/:\d+$/, ''),
  host: (self) => self.headers.host,
  protocol: () => 'http',
  secure: () => false,
  ip: (self) => `::ffff:${self.socket.remoteAddress}`,
  ips: () => [],
  xhr: (self) => self.headers['x-requested-with'] === 'XMLHttpRequest',
  cookies: (self) =>
    Object.fromEntries(
      (self.headers.cookie || '')
        .split('; ')
        .filter(Boolean)
        .map((each) => each.split('=')),
    ),
};
const response = {
  status(code) {
    this.statusCode = code;
    return this;
  },
  set(name, value) {
    if (typeof name === 'object') for (const [key, each] of Object.entries(name)) this.setHeader(key, each);
    else this.setHeader(name, value);
    return this;
  },
  get(name) {
    return this.getHeader(name);
  },
  type(name) {
    return this.set('Content-Type', name.includes('/') ? name : mime(name));
  },
  send(body = '') {
    if (
      typeof body === 'number' ||
      typeof body === 'boolean' ||
      (typeof body === 'object' && body !== null && !Buffer.isBuffer(body))
    )
      return this.json(body);
    if (!this.getHeader('Content-Type'))
      this.setHeader('Content-Type', Buffer.isBuffer(body) ? 'application/octet-stream' : 'text/html; charset=utf-8');
    const bytes = Buffer.from(body === null ? '' : body);
    this.setHeader('Content-Length', bytes.length);
    const tag = require('crypto').createHash('sha1').update(bytes).digest('base64').slice(0, 27);
    if (!this.getHeader('ETag')) this.setHeader('ETag', `W/"${bytes.length.toString(16)}-${tag}"`);
    if (this.req.headers['if-none-match'] === this.getHeader('ETag') && this.statusCode === 200) {
      this.statusCode = 304;
      this.removeHeader('Content-Length');
      this.end();
      return this;
    }
    this.end(bytes);
    return this;
  },
  json(value) {
    if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', 'application/json; charset=utf-8');
    return this.send(JSON.stringify(value, null, this.app.get('json spaces')));
  },
  sendStatus(code) {
    this.statusCode = code;
    return this.type('txt').send(http.STATUS_CODES[code] || String(code));
  },
  redirect(status, url) {
    if (url === undefined) [status, url] = [302, status];
    this.statusCode = status;
    this.setHeader('Location', url);
    return this.type('txt').send(`${http.STATUS_CODES[status]}. Redirecting to ${url}`);
  },
  location(url) {
    return this.set('Location', url);
  },
  cookie(name, value, { maxAge, httpOnly, path: where = '/' } = {}) {
    return this.append(
      'Set-Cookie',
      `${name}=${encodeURIComponent(value)}${maxAge ? `; Max-Age=${Math.floor(maxAge / 1000)}` : ''}; Path=${where}${httpOnly ? '; HttpOnly' : ''}`,
    );
  },
  clearCookie(name) {
    return this.append('Set-Cookie', `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`);
  },
  append(name, value) {
    return this.set(name, [].concat(this.getHeader(name) || [], value));
  },
  sendFile(file, options, done) {
    const full = path.resolve((options && options.root) || '', file);
    try {
      const bytes = fs.readFileSync(full);
      if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', mime(full));
      this.send(bytes);
      if (typeof done === 'function') done();
    } catch (error) {
      error.status = 404;
      this.$next(error);
    }
  },
  render(view) {
    this.$next(new Error(`Failed to lookup view "${view}": the simulation has no template engines`));
  },
};
response.header = response.set;
response.contentType = response.type;
const final = (request, response, error) => {
  if (response.headersSent) return response.socket && response.socket.destroy();
  const status = error
    ? error.status || error.statusCode || (response.statusCode >= 400 ? response.statusCode : 500)
    : 404;
  if (error && status >= 500 && process.env.NODE_ENV !== 'test') console.error(error.stack || String(error));
  const escape = (text) =>
    String(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;');
  const shown = error
    ? process.env.NODE_ENV === 'production'
      ? http.STATUS_CODES[status]
      : escape(error.stack || error)
          .replace(/\n/g, '<br>')
          .replace(/ {2}/g, ' &nbsp;')
    : escape(`Cannot ${request.method} ${new URL(request.originalUrl, 'http://x').pathname}`);
  response.statusCode = status;
  response.setHeader('Content-Security-Policy', "default-src 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${shown}</pre>\n</body>\n</html>\n`,
  );
};
function express() {
  const settings = { env: process.env.NODE_ENV || 'development', 'x-powered-by': true };
  const router = createRouter();
  const app = (incoming, outgoing, done) => {
    if (settings['x-powered-by']) outgoing.setHeader('X-Powered-By', 'Express');
    Object.assign(incoming, request, {
      originalUrl: incoming.originalUrl || incoming.url,
      app,
      res: outgoing,
      params: {},
    });
    for (const [name, get] of Object.entries(requestGetters))
      if (!(name in incoming))
        Object.defineProperty(incoming, name, {
          configurable: true,
          get: () => get(incoming),
          set: (value) => Object.defineProperty(incoming, name, { value, writable: true }),
        });
    Object.assign(outgoing, response, { app, locals: outgoing.locals || {} });
    const fail = (error) => (done ? done(error) : final(incoming, outgoing, error));
    outgoing.sendFile = function (file, options, end) {
      try {
        const full = path.resolve((options && options.root) || '', file);
        const bytes = fs.readFileSync(full);
        if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', mime(full));
        this.send(bytes);
        if (typeof end === 'function') end();
      } catch (error) {
        fail(Object.assign(error, { status: 404 }));
      }
    };
    router(incoming, outgoing, fail);
  };
  Object.assign(app, {
    locals: { settings },
    mountpath: '/',
    use: (...args) => (router.use(...args), app),
    route: router.route,
    param: router.param,
    set: (name, value) => ((settings[name] = value), app),
    enable: (name) => app.set(name, true),
    disable: (name) => app.set(name, false),
    enabled: (name) => Boolean(settings[name]),
    engine: () => app,
    listen: (...args) => http.createServer(app).listen(...args),
  });
  for (const method of methods)
    app[method] = (where, ...handlers) =>
      method === 'get' && handlers.length === 0 ? settings[where] : (router[method](where, ...handlers), app);
  return app;
}
const body =
  (wanted, parse) =>
  (options = {}) =>
  (incoming, _outgoing, next) => {
    if (incoming.body !== undefined && incoming.$read) return next();
    if (incoming.body === undefined) incoming.body = {};
    const type = incoming.headers['content-type'] || '';
    if (!wanted.test(type) || (!incoming.headers['content-length'] && !incoming.headers['transfer-encoding']))
      return next();
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      incoming.$read = true;
      try {
        incoming.body = parse(Buffer.concat(chunks), options);
      } catch (error) {
        return next(Object.assign(error, { status: 400, type: 'entity.parse.failed' }));
      }
      next();
    });
  };
express.json = body(/json/, (bytes) => (bytes.length === 0 ? {} : JSON.parse(bytes.toString())));
express.urlencoded = body(/x-www-form-urlencoded/, (bytes) => ({ ...require('querystring').parse(bytes.toString()) }));
express.text = body(/text\/plain/, (bytes) => bytes.toString());
express.raw = body(/octet-stream/, (bytes) => bytes);
express.Router = createRouter;
express.request = request;
express.response = response;
express.static =
  (root, { index = 'index.html' } = {}) =>
  (incoming, outgoing, next) => {
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return next();
    let file = path.join(
      path.resolve(root),
      path.normalize(decodeURIComponent(incoming.path || new URL(incoming.url, 'http://x').pathname)),
    );
    try {
      if (fs.statSync(file).isDirectory()) file = path.join(file, index);
      const stat = fs.statSync(file);
      outgoing.setHeader('Cache-Control', 'public, max-age=0');
      outgoing.setHeader('Last-Modified', stat.mtime.toUTCString());
      outgoing.setHeader('Content-Type', mime(file));
      outgoing.send(fs.readFileSync(file));
    } catch {
      next();
    }
  };
module.exports = express;
module.exports.default = express;
