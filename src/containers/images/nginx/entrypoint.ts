/**
 * What the image runs before nginx. The log lines and the effects are those of nginxinc/docker-nginx; the scripts are
 * written with the shell's own means where that is possible, because every container of the image runs them.
 */
export const entrypointScript = `#!/bin/sh
set -e

entrypoint_log() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    set -- "$@"
    found=
    for f in /docker-entrypoint.d/*; do
        [ -f "$f" ] && found=yes && break
    done
    if [ -n "$found" ]; then
        entrypoint_log "$0: /docker-entrypoint.d/ is not empty, will attempt to perform configuration"

        entrypoint_log "$0: Looking for shell scripts in /docker-entrypoint.d/"
        for f in /docker-entrypoint.d/*; do
            case "$f" in
                *.envsh)
                    if [ -x "$f" ]; then
                        entrypoint_log "$0: Sourcing $f";
                        . "$f"
                    else
                        # warn on shell scripts without exec bit
                        entrypoint_log "$0: Ignoring $f, not executable";
                    fi
                    ;;
                *.sh)
                    if [ -x "$f" ]; then
                        entrypoint_log "$0: Launching $f";
                        "$f"
                    else
                        # warn on shell scripts without exec bit
                        entrypoint_log "$0: Ignoring $f, not executable";
                    fi
                    ;;
                *) entrypoint_log "$0: Ignoring $f";;
            esac
        done

        entrypoint_log "$0: Configuration complete; ready for start up"
    else
        entrypoint_log "$0: No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi

exec "$@"
`;

export const listenOnIpv6 = `#!/bin/sh
set -e

entrypoint_log() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

ME=\${0##*/}
DEFAULT_CONF_FILE="etc/nginx/conf.d/default.conf"

if [ ! -f "/$DEFAULT_CONF_FILE" ]; then
    entrypoint_log "$ME: info: /$DEFAULT_CONF_FILE is not a file or does not exist"
    exit 0
fi

# check if the file can be modified, e.g. not on a r/o filesystem
if [ ! -w "/$DEFAULT_CONF_FILE" ]; then
    entrypoint_log "$ME: info: can not modify /$DEFAULT_CONF_FILE (read-only file system?)"
    exit 0
fi

# check if the file is already modified, e.g. on a container restart
content=$(cat "/$DEFAULT_CONF_FILE")
case "$content" in
    *"listen  [::]:80;"*)
        entrypoint_log "$ME: info: IPv6 listen already enabled"
        exit 0
        ;;
esac

entrypoint_log "$ME: info: Getting the checksum of /$DEFAULT_CONF_FILE"
case "$content" in
    *"listen       80;"*) ;;
    *)
        entrypoint_log "$ME: info: /$DEFAULT_CONF_FILE differs from the packaged version"
        exit 0
        ;;
esac

# enable ipv6 on default.conf listen sockets
printf '%s\\n' "\${content%%listen       80;*}listen       80;
    listen  [::]:80;\${content#*listen       80;}" > "/$DEFAULT_CONF_FILE"

entrypoint_log "$ME: info: Enabled listen on IPv6 in /$DEFAULT_CONF_FILE"

exit 0
`;

export const localResolvers = `#!/bin/sh
# Sets NGINX_LOCAL_RESOLVERS from /etc/resolv.conf if NGINX_ENTRYPOINT_LOCAL_RESOLVERS is set.
if [ -n "\${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ]; then
    NGINX_LOCAL_RESOLVERS=$(awk '/^nameserver/ { print $2 }' /etc/resolv.conf)
    export NGINX_LOCAL_RESOLVERS
fi
`;

export const envsubstOnTemplates = `#!/bin/sh
set -e

ME=\${0##*/}

template_dir="\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
suffix="\${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}"
output_dir="\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"

[ -d "$template_dir" ] || exit 0
if [ ! -w "$output_dir" ]; then
    echo "$ME: ERROR: $template_dir exists, but $output_dir is not writable"
    exit 0
fi
for template in "$template_dir"/*"$suffix"; do
    [ -f "$template" ] || continue
    name=\${template#"$template_dir"/}
    output="$output_dir/\${name%"$suffix"}"
    echo "$ME: Running envsubst on $template to $output"
    envsubst < "$template" > "$output"
done
exit 0
`;

export const tuneWorkers = `#!/bin/sh
set -eu

# worker_processes follows the container's cpu limit only if asked for
[ "\${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
sed -i "s/^worker_processes.*/worker_processes $(nproc);/" /etc/nginx/nginx.conf
`;
