module.exports =
  (options = {}) =>
  (request, response, next) => {
    const { origin = '*', methods = 'GET,HEAD,PUT,PATCH,POST,DELETE' } = options;
    response.setHeader('Access-Control-Allow-Origin', origin === true ? request.headers.origin || '*' : String(origin));
    if (options.credentials) response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method !== 'OPTIONS') return next();
    response.setHeader('Access-Control-Allow-Methods', String(methods));
    if (request.headers['access-control-request-headers'])
      response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers']);
    response.statusCode = 204;
    response.setHeader('Content-Length', '0');
    response.end();
  };
