/** How many words a directive takes (httpd's http_config.h): `raw` and `argv` look at them themselves. */
export type Shape =
  'raw' | 'argv' | 'flag' | '0' | '1' | '2' | '12' | '23' | '123' | '3' | '13' | 'iterate' | 'iterate2' | 'section';

export interface Known {
  readonly module: string;
  readonly shape: Shape;
  /** Where it may stand: R server, A sections of paths, and the groups of AllowOverride (a l o f i). */
  readonly where: string;
  readonly help: string;
}

/** name | module | shape | where | what it is: as the modules' tables have it. */
const table = `
ServerRoot core 1 G Common directory of server-related files (logs, confs, etc.)
Listen mpm argv G A port number or a numeric IP address and a port number, and an optional protocol
ListenBacklog mpm 1 G Maximum length of the queue of pending connections, as used by listen(2)
PidFile mpm 1 G A file for logging the server process ID
MaxRequestWorkers mpm 1 G Maximum number of threads alive at the same time
ServerLimit mpm 1 G Maximum number of child processes for this run of Apache
StartServers mpm 1 G Number of child processes launched at server startup
MinSpareThreads mpm 1 G Minimum number of idle threads, to handle request spikes
MaxSpareThreads mpm 1 G Maximum number of idle threads
ThreadsPerChild mpm 1 G Number of threads each child creates
ThreadLimit mpm 1 G Maximum number of worker threads per child process for this run of Apache - Upper limit for ThreadsPerChild
MaxConnectionsPerChild mpm 1 G Maximum number of connections a particular child serves before dying.
MaxMemFree mpm 1 G Maximum number of 1k blocks a particular child's allocator may hold.
ScoreBoardFile mpm 1 G A file for Apache to maintain runtime process management information
CoreDumpDirectory mpm 1 G The location of the directory Apache changes to before dumping core
GracefulShutdownTimeout mpm 1 G Maximum time in seconds to wait for child processes to complete transactions during shutdown
ServerName core 1 R The hostname and port of the server
ServerAlias core argv R A name or names alternately used to access the server
ServerPath core 1 R The pathname the server can be reached at
ServerAdmin core 1 R The email address of the server administrator
DocumentRoot core 1 R Root directory of the document tree
ErrorLog core 12 R The filename of the error log
ErrorLogFormat core 12 R Format string for the ErrorLog
LogLevel core argv RA Level of verbosity in error logging
Timeout core 1 R Timeout duration (sec)
KeepAlive core flag R Whether persistent connections should be On or Off
KeepAliveTimeout http 1 R Keep-Alive timeout duration (sec)
MaxKeepAliveRequests http 1 R Maximum number of Keep-Alive requests per connection, or 0 for infinite
ServerTokens core 1 G Determine tokens displayed in the Server: header - Min(imal), Major, Minor, Prod(uctOnly), OS, or Full
ServerSignature core 1 Raolfi En-/disable server signature (on|off|email)
TraceEnable core 1 R 'on' (default), 'off' or 'extended' to trace request body content
UseCanonicalName core 1 RA How to work out the ServerName : Port when constructing URLs
HostnameLookups core 1 RA "on" to enable, "off" to disable reverse DNS lookups, or "double" to enable double-reverse DNS lookups
AddDefaultCharset core 1 f The name of the default charset to add to any Content-Type without one or 'Off' to disable
AllowOverride core raw A Controls what groups of directives can be configured by per-directory config files
AllowOverrideList core raw A Controls what individual directives can be configured by per-directory config files
AccessFileName core raw R Name(s) of per-directory config files (default: .htaccess)
Options core argv o Set a number of attributes for a given directory
ErrorDocument core 2 f Change responses for HTTP errors
FileETag core raw f Specify components used to construct a file's ETag
EnableMMAP core flag f Controls whether memory-mapping may be used to read files
EnableSendfile core flag f Controls whether sendfile may be used to transmit files
DefaultType core 1 f the default media type for otherwise untyped files (DEPRECATED)
ForceType core 1 Af a media type that overrides other configured type
SetHandler core 1 Af a handler name that overrides any other configured handler
SetOutputFilter core 1 Af filter (or ; delimited list of filters) to be run on the request content
SetInputFilter core 1 Af filter (or ; delimited list of filters) to be run on the request body
LimitRequestBody core 1 Raolfi Limit (in bytes) on maximum size of request message body
LimitRequestFields core 1 R Limit (0 = unlimited) on max number of header fields in a request message
LimitRequestLine core 1 R Limit on maximum size of an HTTP request line
AllowEncodedSlashes core 1 R Allow URLs containing '/' encoded as '%2F'
MergeSlashes core flag R Controls whether consecutive slashes in the URI path are merged
Protocols core iterate R Controls which protocols are allowed
Mutex core argv G Valid mutexes are
User unixd 1 G Effective user id for this server
Group unixd 1 G Effective group id for this server
Include core 1 RA Name(s) of the config file(s) to be included
IncludeOptional core 1 RA Name or pattern of the config file(s) to be included
LoadModule so 2 G a module name and the name of a shared object file to load it from
LoadFile so iterate G shared object file or library to load into the server at runtime
Directory core section R
DirectoryMatch core section R
Location core section R
LocationMatch core section R
Files core section oRA
FilesMatch core section oRA
VirtualHost core section G
Proxy proxy section R
ProxyMatch proxy section R
Limit core section aolfiRA
LimitExcept core section aolfiRA
If core section oRA
ElseIf core section oRA
Else core section oRA
RequireAll authz_core section a
RequireAny authz_core section a
RequireNone authz_core section a
Require authz_core raw a specifies authorization directives which one must pass (or not) for a request to suceeed
AuthMerging authz_core 1 a controls how a <Directory>, <Location>, or similar directive's authorization directives are combined with those of its predecessor
Satisfy access_compat 1 a access policy if both allow and require used ('all' or 'any')
Order access_compat 1 l 'allow,deny', 'deny,allow', or 'mutual-failure'
Allow access_compat iterate2 l 'from' followed by hostnames or IP-address wildcards
Deny access_compat iterate2 l 'from' followed by hostnames or IP-address wildcards
AuthType authn_core 1 a an HTTP authorization type (e.g., "Basic")
AuthName authn_core 1 a the authentication realm (e.g. "Members Only")
AuthBasicProvider auth_basic iterate a specify the auth providers for a directory or location
AuthBasicAuthoritative auth_basic flag a Set to 'Off' to allow access control to be passed along to lower modules if the UserID is not known to this module
AuthUserFile authn_file 1 a text file containing user IDs and passwords
AuthGroupFile authz_groupfile 1 a text file containing group names and member user IDs
DirectoryIndex dir raw i a list of file names
DirectorySlash dir raw f On or Off
FallbackResource dir 1 i Set a default handler
IndexOptions autoindex raw i one or more index options [+|-][]
IndexIgnore autoindex iterate i one or more file extensions
IndexOrderDefault autoindex 2 i {Ascending,Descending} {Name,Size,Description,Date}
AddIcon autoindex iterate2 i an icon URL followed by one or more filenames
AddIconByType autoindex iterate2 i an icon URL followed by one or more MIME types
AddIconByEncoding autoindex iterate2 i an icon URL followed by one or more content encodings
AddDescription autoindex iterate2 i Descriptive text followed by one or more filenames
DefaultIcon autoindex 1 i an icon URL
HeaderName autoindex 1 i a filename
ReadmeName autoindex 1 i a filename
Alias alias 12 RA a fakename and a realname, or a realname in a Location
ScriptAlias alias 12 RA a fakename and a realname, or a realname in a Location
AliasMatch alias 2 R a regular expression and a filename
ScriptAliasMatch alias 2 R a regular expression and a filename
Redirect alias 123 f an optional status, then document to be redirected and destination URL
RedirectMatch alias 23 f an optional status, then a regular expression and destination URL
RedirectTemp alias 12 f a document to be redirected, then the destination URL
RedirectPermanent alias 12 f a document to be redirected, then the destination URL
TypesConfig mime 1 R the MIME types config file
AddType mime iterate2 f a mime type followed by one or more file extensions
AddEncoding mime iterate2 f an encoding (e.g., gzip), followed by one or more file extensions
AddCharset mime iterate2 f a charset (e.g., iso-2022-jp), followed by one or more file extensions
AddLanguage mime iterate2 f a language (e.g., fr), followed by one or more file extensions
AddHandler mime iterate2 f a handler name followed by one or more file extensions
AddOutputFilter mime iterate2 f one or more filters followed by one or more file extensions
RemoveType mime iterate f one or more file extensions
MIMEMagicFile mime_magic 1 R Path to MIME Magic file (in file(1) format)
LogFormat log_config 12 R a log format string (see docs) and an optional format name
CustomLog log_config 23 R a file name, a custom log format string or format name, and an optional "env=" or "expr=" clause (see docs)
TransferLog log_config 1 R the filename of the access log
SetEnv env 12 f an environment variable name and optional value to pass to CGI
UnsetEnv env iterate f a list of variables to remove from the CGI environment
PassEnv env iterate f a list of environment variables to pass to CGI.
SetEnvIf setenvif argv f A header-name, regex and a list of variables.
SetEnvIfNoCase setenvif argv f a header-name, regex and a list of variables.
BrowserMatch setenvif argv f A browser regex and a list of variables.
BrowserMatchNoCase setenvif argv f A browser regex and a list of variables.
Header headers raw f an optional condition, an action, header and value followed by optional env clause
RequestHeader headers raw f an action, header and value followed by optional env clause
RewriteEngine rewrite flag f On or Off to enable or disable (default) the whole rewriting engine
RewriteOptions rewrite iterate f List of option strings to set
RewriteBase rewrite 1 f the base URL of the per-directory context
RewriteCond rewrite raw f an input string and a to be applied regexp-pattern
RewriteRule rewrite raw f an URL-applied regexp-pattern and a substitution URL
RewriteMap rewrite 23 R a mapname and a filename and options
ProxyPass proxy raw RA a virtual path and a URL
ProxyPassMatch proxy raw RA a virtual path and a URL
ProxyPassReverse proxy 12 RA a virtual path and a URL for reverse proxy behaviour
ProxyPassReverseCookieDomain proxy 2 RA Substitute a domain in Set-Cookie headers
ProxyPassReverseCookiePath proxy 2 RA Substitute a path in Set-Cookie headers
ProxyRequests proxy flag R on if the true proxy requests should be accepted
ProxyPreserveHost proxy flag RA on if we should preserve host header while proxying
ProxyAddHeaders proxy flag RA on if X-Forwarded-* headers should be added or completed
ProxyVia proxy 1 R Configure Via: proxy header header to one of: on | off | block | full
ProxyTimeout proxy 1 R Set the timeout (in seconds) for a proxied connection. This overrides the server timeout
ProxyErrorOverride proxy raw RA use our error handling pages instead of the servers' we are proxying
ProxySet proxy raw RA Configure balancer and worker parameters
BalancerMember proxy raw RA A balancer name and scheme with list of params
RequestReadTimeout reqtimeout raw R Set various timeout parameters for TLS handshake, reading request headers and body
ExtendedStatus core flag G 'On' to track request workers
ExpiresActive expires flag i Limited to 'on' or 'off'
ExpiresDefault expires 1 i an expiry date code
ExpiresByType expires 2 i a MIME type followed by an expiry date code
AddOutputFilterByType filter iterate2 f output filter name followed by one or more content-types
SSLEngine ssl 1 R SSL switch for the protocol engine ('on', 'off')
SSLCertificateFile ssl 1 R SSL Server Certificate file ('/path/to/file' - PEM or DER encoded)
SSLCertificateKeyFile ssl 1 R SSL Server Private Key file ('/path/to/file' - PEM or DER encoded)
SSLRandomSeed ssl 23 G SSL Pseudo Random Number Generator (PRNG) seeding source
UserDir userdir raw R the public subdirectory in users' home directories, or 'disabled', or 'disabled username username...', or 'enabled username username...'
Scriptsock cgid 1 G the name of the socket to use for communication with the cgi daemon.
Substitute substitute 1 f Pattern to filter the response content
`;

const shapes = /^(\S+) (\S+) (\S+) (\S+)\s?(.*)$/;

/** Every directive that some module of the distribution has, by its name in small letters. */
export const known: ReadonlyMap<string, Known & { readonly name: string }> = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [, name = '', module = '', shape = '', where = '', help = ''] = shapes.exec(line) ?? [];
      return [name.toLowerCase(), { name, module, shape: shape as Shape, where, help }];
    }),
);

/** Is the module of a directive there? The core, its MPM and http are part of every server. */
export const hasModule = (modules: readonly string[], { module }: Known): boolean =>
  ['core', 'http', 'mpm'].includes(module) || modules.includes(`${module}_module`);
