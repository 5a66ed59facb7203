/** The modules of the image, in the order of its configuration; those without a mark are loaded. */
const modules =
  'mpm_event mpm_prefork mpm_worker authn_file authn_dbm authn_anon authn_dbd authn_socache authn_core authz_host authz_groupfile authz_user authz_dbm authz_owner authz_dbd authz_core authnz_ldap authnz_fcgi access_compat auth_basic auth_form auth_digest allowmethods file_cache cache cache_disk cache_socache socache_shmcb socache_dbm socache_memcache socache_redis watchdog macro dbd dumpio echo buffer data ratelimit reqtimeout ext_filter request include filter reflector substitute sed charset_lite deflate xml2enc proxy_html brotli mime ldap log_config log_debug log_forensic logio lua env mime_magic cern_meta expires headers ident usertrack unique_id setenvif version remoteip proxy proxy_connect proxy_ftp proxy_http proxy_fcgi proxy_scgi proxy_uwsgi proxy_fdpass proxy_wstunnel proxy_ajp proxy_balancer proxy_express proxy_hcheck session session_cookie session_crypto session_dbd slotmem_shm slotmem_plain ssl dialup http2 proxy_http2 md lbmethod_byrequests lbmethod_bytraffic lbmethod_bybusyness lbmethod_heartbeat unixd heartbeat heartmonitor dav status autoindex asis info suexec cgid cgi dav_fs dav_lock vhost_alias negotiation dir imagemap actions speling userdir alias rewrite';

const loaded = new Set(
  'mpm_event authn_file authn_core authz_host authz_groupfile authz_user authz_core access_compat auth_basic reqtimeout filter mime log_config env headers setenvif version unixd status autoindex dir alias'.split(
    ' ',
  ),
);

export const moduleNames: readonly string[] = modules.split(' ');

const loadLines = (): string =>
  moduleNames
    .filter((name) => !['cgid', 'cgi'].includes(name))
    .map((name) => `${loaded.has(name) ? '' : '#'}LoadModule ${name}_module modules/mod_${name}.so\n`)
    .join('');

/** conf/httpd.conf: its directives as they are there, its comments in our words. */
export const httpdConf = (): string => `#
# The main configuration of the Apache HTTP server. See <URL:http://httpd.apache.org/docs/2.4/> for what its
# directives mean. File names that do not begin with "/" are below ServerRoot.
#
ServerRoot "/usr/local/apache2"

#
# Mutex: where locks are kept.
#
# Mutex default:logs

#
# Listen: address and port, or port alone, to take connections at.
#
#Listen 12.34.56.78:80
Listen 80

#
# Dynamic Shared Object (DSO) Support
#
${loadLines()}<IfModule !mpm_prefork_module>
	#LoadModule cgid_module modules/mod_cgid.so
</IfModule>
<IfModule mpm_prefork_module>
	#LoadModule cgi_module modules/mod_cgi.so
</IfModule>

<IfModule unixd_module>
#
# User/Group: who the children run as.
#
User www-data
Group www-data

</IfModule>

# 'Main' server configuration

#
# ServerAdmin: where problems of the server are to be sent.
#
ServerAdmin you@example.com

#
# ServerName: the name and port that the server uses to identify itself.
#
#ServerName www.example.com:80

#
# Nothing of the file system is served but what the sections below allow.
#
<Directory />
    AllowOverride none
    Require all denied
</Directory>

#
# DocumentRoot: the folder that documents are served from.
#
DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    #
    # "None", "All", or any of: Indexes Includes FollowSymLinks SymLinksifOwnerMatch ExecCGI MultiViews
    #
    Options Indexes FollowSymLinks

    #
    # What .htaccess files may say: "All", "None", or any of: AllowOverride FileInfo AuthConfig Limit
    #
    AllowOverride None

    #
    # Who may get something from here.
    #
    Require all granted
</Directory>

#
# DirectoryIndex: the file that is served where a folder is asked for.
#
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>

#
# .htaccess and .htpasswd are nobody's business.
#
<Files ".ht*">
    Require all denied
</Files>

#
# ErrorLog: where errors are written.
#
ErrorLog /proc/self/fd/2

#
# LogLevel: debug, info, notice, warn, error, crit, alert, emerg.
#
LogLevel warn

<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common

    <IfModule logio_module>
      LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %I %O" combinedio
    </IfModule>

    CustomLog /proc/self/fd/1 common

    #CustomLog "logs/access_log" combined
</IfModule>

<IfModule alias_module>
    # Redirect permanent /foo http://www.example.com/bar
    # Alias /webpath /full/filesystem/path
    ScriptAlias /cgi-bin/ "/usr/local/apache2/cgi-bin/"

</IfModule>

<IfModule cgid_module>
    #Scriptsock cgisock
</IfModule>

<Directory "/usr/local/apache2/cgi-bin">
    AllowOverride None
    Options None
    Require all granted
</Directory>

<IfModule headers_module>
    #
    # No Proxy header of a client becomes HTTP_PROXY of a backend.
    #
    RequestHeader unset Proxy early
</IfModule>

<IfModule mime_module>
    TypesConfig conf/mime.types

    #AddType application/x-gzip .tgz
    #AddEncoding x-compress .Z
    #AddEncoding x-gzip .gz .tgz
    AddType application/x-compress .Z
    AddType application/x-gzip .gz .tgz

    #AddHandler cgi-script .cgi
    #AddHandler type-map var
    #AddType text/html .shtml
    #AddOutputFilter INCLUDES .shtml
</IfModule>

#MIMEMagicFile conf/magic

#ErrorDocument 500 "The server made a boo boo."
#ErrorDocument 404 /missing.html
#ErrorDocument 404 "/cgi-bin/missing_handler.pl"
#ErrorDocument 402 http://www.example.com/subscription_info.html

#MaxRanges unlimited

#EnableMMAP off
#EnableSendfile on

# Supplemental configuration

# Server-pool management (MPM specific)
#Include conf/extra/httpd-mpm.conf

# Multi-language error messages
#Include conf/extra/httpd-multilang-errordoc.conf

# Fancy directory listings
#Include conf/extra/httpd-autoindex.conf

# Language settings
#Include conf/extra/httpd-languages.conf

# User home directories
#Include conf/extra/httpd-userdir.conf

# Real-time info on requests and configuration
#Include conf/extra/httpd-info.conf

# Virtual hosts
#Include conf/extra/httpd-vhosts.conf

# Local access to the Apache HTTP Server Manual
#Include conf/extra/httpd-manual.conf

# Distributed authoring and versioning (WebDAV)
#Include conf/extra/httpd-dav.conf

# Various default settings
#Include conf/extra/httpd-default.conf

# Configure mod_proxy_html to understand HTML4/XHTML1
<IfModule proxy_html_module>
Include conf/extra/proxy-html.conf
</IfModule>

# Secure (SSL/TLS) connections
#Include conf/extra/httpd-ssl.conf
<IfModule ssl_module>
SSLRandomSeed startup builtin
SSLRandomSeed connect builtin
</IfModule>

`;

const vhosts = `# Virtual Hosts
#
# The first VirtualHost section is used for all requests that do not match a ServerName or ServerAlias in any
# <VirtualHost> block.
#
<VirtualHost *:80>
    ServerAdmin webmaster@dummy-host.example.com
    DocumentRoot "/usr/local/apache2/docs/dummy-host.example.com"
    ServerName dummy-host.example.com
    ServerAlias www.dummy-host.example.com
    ErrorLog "logs/dummy-host.example.com-error_log"
    CustomLog "logs/dummy-host.example.com-access_log" common
</VirtualHost>

<VirtualHost *:80>
    ServerAdmin webmaster@dummy-host2.example.com
    DocumentRoot "/usr/local/apache2/docs/dummy-host2.example.com"
    ServerName dummy-host2.example.com
    ErrorLog "logs/dummy-host2.example.com-error_log"
    CustomLog "logs/dummy-host2.example.com-access_log" common
</VirtualHost>

`;

const autoindex = `# Fancy listings of folders
IndexOptions FancyIndexing HTMLTable VersionSort
ReadmeName README.html
HeaderName HEADER.html
IndexIgnore .??* *~ *# HEADER* README* RCS CVS *,v *,t
`;

const standard = `# Various default settings
Timeout 60
KeepAlive On
MaxKeepAliveRequests 100
KeepAliveTimeout 5
UseCanonicalName Off
AccessFileName .htaccess
ServerTokens Full
ServerSignature Off
HostnameLookups Off
<IfModule reqtimeout_module>
  RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
</IfModule>
`;

const info = `# Real-time info on requests and configuration
<Location /server-status>
    SetHandler server-status
    Require host .example.com
    Require ip 127
</Location>
ExtendedStatus On
`;

const mpm = `# Server-pool management
<IfModule mpm_event_module>
    StartServers             3
    MinSpareThreads         75
    MaxSpareThreads        250
    ThreadsPerChild         25
    MaxRequestWorkers      400
    MaxConnectionsPerChild   0
</IfModule>
`;

/** conf/extra, what beginners switch on. */
export const extra: Readonly<Record<string, string>> = {
  'httpd-vhosts.conf': vhosts,
  'httpd-autoindex.conf': autoindex,
  'httpd-default.conf': standard,
  'httpd-info.conf': info,
  'httpd-mpm.conf': mpm,
};

/** bin/apachectl: the words that httpd's -k takes, and a few more. */
export const apachectl = `#!/bin/sh
# Apache control script: a front end to httpd -k.
HTTPD='/usr/local/apache2/bin/httpd'
ARGV="\$@"
case "x\$ARGV" in
  xstart|xstop|xrestart|xgraceful|xgraceful-stop)
    \$HTTPD -k "\$ARGV"
    ERROR=\$?
    ;;
  xstartssl|xsslstart|xstart-SSL)
    echo The startssl option is no longer supported.
    ERROR=2
    ;;
  xconfigtest)
    \$HTTPD -t
    ERROR=\$?
    ;;
  x)
    \$HTTPD -h
    ERROR=\$?
    ;;
  *)
    \$HTTPD "\$@"
    ERROR=\$?
esac
exit \$ERROR
`;
