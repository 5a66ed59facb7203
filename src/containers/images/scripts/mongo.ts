/**
 * The image's entrypoint: our own words for what docker-library/mongo documents (MONGO_INITDB_* variables, init scripts
 * that run once).
 */
export const mongoEntrypoint = `#!/bin/bash
set -e

if [ "\${1#-}" != "$1" ]; then
	set -- mongod "$@"
fi

# allow the container to be started with \`--user\`
if [ "$1" = 'mongod' ] && [ "$(id -u)" = '0' ]; then
	find /data/configdb /data/db \\! -user mongodb -exec chown mongodb '{}' + 2>/dev/null || true
	exec gosu mongodb "$0" "$@"
fi

dbPath=/data/db
if [ "$1" = 'mongod' ]; then
	if [ -n "$MONGO_INITDB_ROOT_USERNAME" ] && [ -z "$MONGO_INITDB_ROOT_PASSWORD" ]; then
		echo >&2
		echo >&2 'error: missing "MONGO_INITDB_ROOT_USERNAME" or "MONGO_INITDB_ROOT_PASSWORD"'
		echo >&2 '       both must be specified for a user to be created'
		echo >&2
		exit 1
	fi
	if [ -z "$MONGO_INITDB_ROOT_USERNAME" ] && [ -n "$MONGO_INITDB_ROOT_PASSWORD" ]; then
		echo >&2
		echo >&2 'error: missing "MONGO_INITDB_ROOT_USERNAME" or "MONGO_INITDB_ROOT_PASSWORD"'
		echo >&2 '       both must be specified for a user to be created'
		echo >&2
		exit 1
	fi

	shouldPerformInitdb=
	if [ ! -e "$dbPath/WiredTiger" ]; then
		if [ -n "$MONGO_INITDB_ROOT_USERNAME" ]; then
			shouldPerformInitdb=1
		fi
		for f in /docker-entrypoint-initdb.d/*; do
			case "$f" in
				*.sh|*.js) [ -e "$f" ] && shouldPerformInitdb=1 ;;
			esac
		done
	fi

	if [ -n "$shouldPerformInitdb" ]; then
		pidfile=/tmp/docker-entrypoint-temp-mongod.pid
		mongod --bind_ip 127.0.0.1 --port 27017 --logpath /proc/$$/fd/1 --logappend --pidfilepath "$pidfile" --fork
		if [ -n "$MONGO_INITDB_ROOT_USERNAME" ]; then
			echo "db.createUser({ user: _getEnv('MONGO_INITDB_ROOT_USERNAME'), pwd: _getEnv('MONGO_INITDB_ROOT_PASSWORD'), roles: [ { role: 'root', db: 'admin' } ] })" > /tmp/docker-entrypoint-root.js
			mongosh --quiet admin /tmp/docker-entrypoint-root.js
			rm /tmp/docker-entrypoint-root.js
		fi
		: "\${MONGO_INITDB_DATABASE:=test}"
		export MONGO_INITDB_DATABASE
		echo
		for f in /docker-entrypoint-initdb.d/*; do
			case "$f" in
				*.sh) echo "$0: running $f"; . "$f" ;;
				*.js) echo "$0: running $f"; mongosh --quiet "$MONGO_INITDB_DATABASE" "$f"; echo ;;
				*)    [ -e "$f" ] && echo "$0: ignoring $f" ;;
			esac
			echo
		done
		mongod --shutdown --dbpath "$dbPath"
		rm -f "$pidfile"
		echo
		echo 'MongoDB init process complete; ready for start up.'
		echo
	fi

	haveBind=
	for arg; do
		case "$arg" in
			--bind_ip|--bind_ip=*|--bind_ip_all) haveBind=1 ;;
		esac
	done
	if [ -z "$haveBind" ]; then
		set -- "$@" --bind_ip_all
	fi
	if [ -n "$MONGO_INITDB_ROOT_USERNAME" ]; then
		set -- "$@" --auth
	fi
fi

unset "\${!MONGO_INITDB_@}" 2>/dev/null || true

exec "$@"
`;
