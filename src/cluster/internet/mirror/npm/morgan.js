const formats = {
  tiny: ':method :url :status :length - :time ms',
  dev: ':method :url :status :time ms - :length',
  short: ':ip - :method :url HTTP/1.1 :status :length - :time ms',
  common: ':ip - - [:date] ":method :url HTTP/1.1" :status :length',
  combined: ':ip - - [:date] ":method :url HTTP/1.1" :status :length ":referrer" ":agent"',
};
module.exports =
  (format = 'combined', { stream = process.stdout, skip } = {}) =>
  (request, response, next) => {
    const began = performance.now();
    const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
    response.on('finish', () => {
      if (skip && skip(request, response)) return;
      const now = new Date();
      const two = (value) => String(value).padStart(2, '0');
      const values = {
        method: request.method,
        url: request.originalUrl || request.url,
        status: response.statusCode,
        length: response.getHeader('content-length') ?? '-',
        time: (performance.now() - began).toFixed(3),
        ip: `::ffff:${request.socket.remoteAddress}`,
        date: `${two(now.getDate())}/${months[now.getMonth()]}/${now.getFullYear()}:${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())} +0000`,
        referrer: request.headers.referer || '-',
        agent: request.headers['user-agent'] || '-',
      };
      stream.write((formats[format] || format).replace(/:(\w+)/g, (all, name) => values[name] ?? all) + '\n');
    });
    next();
  };
