/**
 * The image's entrypoint: our own words for what docker-library/postgres documents (POSTGRES_* variables, init scripts
 * that run once). The texts that people see are the image's.
 */
export const postgresEntrypoint = `#!/bin/sh
set -e

fail_without_password() {
	cat >&2 <<-'EOE'
		Error: Database is uninitialized and superuser password is not specified.
		       You must specify POSTGRES_PASSWORD to a non-empty value for the
		       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

		       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
		       connections without a password. This is *not* recommended.

		       See PostgreSQL documentation about "trust":
		       https://www.postgresql.org/docs/current/auth-trust.html
	EOE
	exit 1
}

warn_of_trust() {
	cat >&2 <<-'EOWARN'
		********************************************************************************
		WARNING: POSTGRES_HOST_AUTH_METHOD has been set to "trust". This will allow
		         anyone with access to the Postgres port to access your database without
		         a password, even if POSTGRES_PASSWORD is set. See PostgreSQL
		         documentation about "trust":
		         https://www.postgresql.org/docs/current/auth-trust.html
		         In Docker's default configuration, this is effectively any other
		         container on the same system.

		         It is not recommended to use POSTGRES_HOST_AUTH_METHOD=trust. Replace
		         it with "-e POSTGRES_PASSWORD=password" instead to set a password in
		         "docker run".
		********************************************************************************
	EOWARN
}

# VAR or the file that VAR_FILE names
secret() {
	eval "value=\\\${$1:-} file=\\\${$1_FILE:-}"
	if [ -n "$value" ] && [ -n "$file" ]; then
		printf >&2 'error: both %s and %s are set (but are exclusive)\\n' "$1" "$1_FILE"
		exit 1
	fi
	if [ -n "$file" ]; then value="$(cat "$file")"; fi
	[ -n "$value" ] || value="$2"
	export "$1=$value"
	unset "$1_FILE"
}

run_init_file() {
	case "$1" in
		*.sh)
			if [ -x "$1" ]; then
				printf '%s: running %s\\n' "$0" "$1"
				"$1"
			else
				printf '%s: sourcing %s\\n' "$0" "$1"
				. "$1"
			fi
			;;
		*.sql) printf '%s: running %s\\n' "$0" "$1"; process_sql -f "$1"; printf '\\n' ;;
		*.sql.gz) printf '%s: running %s\\n' "$0" "$1"; gunzip -c "$1" | process_sql; printf '\\n' ;;
		*) printf '%s: ignoring %s\\n' "$0" "$1" ;;
	esac
}

process_sql() {
	PGHOST= PGHOSTADDR= psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc --dbname "$POSTGRES_DB" "$@"
}

case "\${1:-}" in
	-*) set -- postgres "$@" ;;
esac

if [ "$1" = postgres ]; then
	case " $* " in *" --help "*|*" --version "*|*" -V "*) exec "$@" ;; esac
	if [ "$(id -u)" = 0 ]; then
		mkdir -p "$PGDATA" /var/run/postgresql
		chmod 00700 "$PGDATA"
		chown -R postgres "$PGDATA"
		chown postgres /var/run/postgresql
		exec gosu postgres "$0" "$@"
	fi
	mkdir -p "$PGDATA"
	secret POSTGRES_PASSWORD ''
	secret POSTGRES_USER postgres
	secret POSTGRES_DB "$POSTGRES_USER"
	secret POSTGRES_INITDB_ARGS ''
	: "\${POSTGRES_HOST_AUTH_METHOD:=}"
	if [ -s "$PGDATA/PG_VERSION" ]; then
		cat <<-'EOM'

			PostgreSQL Database directory appears to contain a database; Skipping initialization

		EOM
	else
		if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then fail_without_password; fi
		if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then warn_of_trust; fi
		ls /docker-entrypoint-initdb.d/ > /dev/null
		if [ -n "$POSTGRES_PASSWORD" ]; then
			printf '%s\\n' "$POSTGRES_PASSWORD" > /tmp/.pwfile
			eval 'initdb --username="$POSTGRES_USER" --pwfile=/tmp/.pwfile '"$POSTGRES_INITDB_ARGS"
			rm -f /tmp/.pwfile
		else
			eval 'initdb --username="$POSTGRES_USER" '"$POSTGRES_INITDB_ARGS"
		fi
		{
			printf '\\n'
			if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then
				printf '# warning trust is enabled for all connections\\n'
				printf '# see https://www.postgresql.org/docs/current/auth-trust.html\\n'
			fi
			printf 'host all all all %s\\n' "\${POSTGRES_HOST_AUTH_METHOD:-\${PG_HOST_METHOD:-scram-sha-256}}"
		} >> "$PGDATA/pg_hba.conf"
		export PGPASSWORD="$POSTGRES_PASSWORD"
		pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p \${PGPORT:-5432}" -w start
		if [ "$POSTGRES_DB" != postgres ]; then
			POSTGRES_DB_WANTED="$POSTGRES_DB"
			POSTGRES_DB=postgres
			process_sql -c "CREATE DATABASE \\"$POSTGRES_DB_WANTED\\" ;"
			POSTGRES_DB="$POSTGRES_DB_WANTED"
			printf '\\n'
		fi
		printf '\\n'
		for file in /docker-entrypoint-initdb.d/*; do
			[ -e "$file" ] || continue
			run_init_file "$file"
		done
		[ -e "$file" ] || printf '%s: ignoring %s\\n' "$0" "/docker-entrypoint-initdb.d/*"
		printf '\\n'
		pg_ctl -D "$PGDATA" -m fast -w stop
		unset PGPASSWORD
		cat <<-'EOM'

			PostgreSQL init process complete; ready for start up.

		EOM
	fi
fi

exec "$@"
`;
