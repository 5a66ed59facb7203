import { parseOptions, type Parsed } from '../options';

const flags = `
  s/silent S/show-error O/remote-name I/head i/include/show-headers v/verbose k/insecure L/location f/fail G/get N/no-buffer
  V/version h/help g/globoff #/progress-bar 4/ipv4 6/ipv6 j/junk-session-cookies J/remote-header-name R/remote-time
  1/tlsv1 q/disable Z/parallel
  compressed no-progress-meter fail-with-body create-dirs http1.0 http1.1 http2 http2-prior-knowledge tlsv1.2 tlsv1.3
  tlsv1.0 tlsv1.1 no-keepalive path-as-is retry-connrefused retry-all-errors no-sessionid location-trusted raw tcp-nodelay
  ssl-reqd digest basic anyauth negotiate fail-early remote-name-all post301 post302 post303 ca-native no-alpn
  proto-default http0.9 styled-output no-styled-output`;
const values = `
  o/output X/request H/header d/data/data-ascii m/max-time w/write-out u/user A/user-agent e/referer b/cookie c/cookie-jar
  T/upload-file F/form D/dump-header E/cert x/proxy C/continue-at r/range y/speed-time Y/speed-limit K/config
  data-raw data-binary data-urlencode json url connect-timeout cacert capath key resolve unix-socket retry retry-delay
  retry-max-time max-redirs interface noproxy proto proto-redir ciphers tls-max connect-to output-dir limit-rate
  key-type cert-type stderr max-filesize dns-servers oauth2-bearer aws-sigv4 keepalive-time form-string trace trace-ascii
  rate variable expand-url url-query`;

/** curl's command line (curl(1)). */
export function parseCurl(args: readonly string[]): Parsed {
  return parseOptions(args, { flags, values });
}
