/** Where a directive may stand and what it takes (the `ngx_command_t` tables of nginx's modules). */
export interface DirectiveShape {
  /** m main, e events, h http, s server, l location, i `if` in a location, j `if` in a server, x limit_except, u upstream, S stream, V its server, U its upstream. */
  readonly contexts: string;
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  readonly block: boolean;
  /** Takes `on` or `off` only. */
  readonly flag: boolean;
  readonly repeats: boolean;
}

/** `contexts counts`: name…; counts are `1`, `1-2`, `1+`; `f` a flag, `b` a block, `*` may stand more than once. */
const table = `
m 1: user* pid lock_file worker_processes worker_priority worker_cpu_affinity* worker_rlimit_nofile worker_rlimit_core worker_shutdown_timeout working_directory timer_resolution ssl_engine debug_points
m 1-2: user
m 1 *: load_module env thread_pool worker_cpu_affinity
m f: daemon master_process pcre_jit
m 0 b: events http stream mail
e 1: worker_connections use worker_aio_requests accept_mutex_delay
e f: multi_accept accept_mutex
e 1 *: debug_connection
mhslSV 1-9 *: error_log
mehsljixuSVU 1 *: include
hsli 1-9 *: access_log
h 2-99 *: log_format
h 0 b *: server
h 1-2 b *: map
h 1-2 b *: geo
h 2 b *: split_clients
h 1 b *: upstream
h 1-4 *: limit_req_zone limit_conn_zone proxy_cache_path fastcgi_cache_path
h 1: variables_hash_max_size variables_hash_bucket_size server_names_hash_max_size server_names_hash_bucket_size map_hash_max_size map_hash_bucket_size
s 1-30 *: listen
s 1-99 *: server_name
sl 1-3 b *: location
sl 1-99 b *: if
l 1-9 b: limit_except
sjli 1-2 *: return
sjli 2-3 *: rewrite
sjli 2 *: set
sjli 0 *: break
sl 2-99: try_files
l 0: internal
l 1: alias
hsli 1: root
hsl 1-99: index
hsl 0 b: types
hsl 1: default_type client_max_body_size_ types_hash_max_size types_hash_bucket_size keepalive_requests keepalive_time client_body_timeout client_header_timeout resolver_timeout send_timeout lingering_close lingering_time lingering_timeout limit_rate_after_ satisfy connection_pool_size client_header_buffer_size client_body_buffer_size client_body_temp_path_ output_buffers_ postpone_output read_ahead sendfile_max_chunk directio if_modified_since max_ranges open_file_cache_valid open_file_cache_min_uses
hsl 1-2: keepalive_timeout keepalive_disable output_buffers large_client_header_buffers open_file_cache
hsl 1: client_max_body_size server_tokens
hsl 1-4: client_body_temp_path
hsli 1: limit_rate limit_rate_after
hsli f: sendfile
hsl f: tcp_nopush tcp_nodelay log_not_found log_subrequest port_in_redirect absolute_redirect server_name_in_redirect recursive_error_pages chunked_transfer_encoding etag reset_timedout_connection msie_padding msie_refresh autoindex autoindex_localtime autoindex_exact_size open_file_cache_errors client_body_in_single_buffer gunzip_ rewrite_log uninitialized_variable_warn aio_write
hs f: ignore_invalid_headers merge_slashes underscores_in_headers http2
hsl 1: client_body_in_file_only disable_symlinks autoindex_format aio
hsli 2-99 *: error_page
hsl 1-99: resolver
sl 1: http2_push_
hsli 2-3 *: add_header add_trailer
hsli 1-2: expires
hsli 1: charset source_charset override_charset
hsl 1-99: charset_types gzip_types sub_filter_types ssi_types addition_types
hsli f: gzip ssi
hsl f: gzip_vary gunzip sub_filter_once sub_filter_last_modified
hsl 1: gzip_comp_level gzip_min_length gzip_http_version gzip_static
hsl 1-99: gzip_proxied gzip_disable
hsl 2: gzip_buffers gunzip_buffers
hsl 2 *: sub_filter
l 1 *: add_before_body add_after_body
hslx 1 *: allow deny
hslx 1: auth_basic auth_basic_user_file
hsl 1: auth_request
hsl 2 *: auth_request_set
hsl 1-3 *: limit_req
hsl 2 *: limit_conn
hsl 1: limit_req_status limit_conn_status limit_req_log_level limit_conn_log_level
hsl f: limit_req_dry_run limit_conn_dry_run
sl 0-1: stub_status
l 0: empty_gif mp4 flv
l 1: memcached_pass uwsgi_pass_
lix 1: proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass
hsl 2-3 *: proxy_set_header fastcgi_param uwsgi_param scgi_param grpc_set_header
hsl 1-2 *: proxy_redirect proxy_cookie_domain proxy_cookie_path
hsl 1-99 *: proxy_hide_header proxy_pass_header proxy_ignore_headers fastcgi_hide_header proxy_cache_valid proxy_no_cache proxy_cache_bypass proxy_cookie_flags
hsl 1: proxy_http_version proxy_connect_timeout proxy_send_timeout proxy_read_timeout proxy_buffer_size proxy_busy_buffers_size proxy_max_temp_file_size proxy_temp_file_write_size proxy_set_body proxy_method proxy_bind proxy_cache proxy_cache_key proxy_cache_min_uses proxy_cache_lock_timeout proxy_store proxy_next_upstream_timeout proxy_next_upstream_tries proxy_limit_rate proxy_ssl_name proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_trusted_certificate proxy_ssl_ciphers proxy_ssl_verify_depth proxy_headers_hash_max_size proxy_headers_hash_bucket_size fastcgi_index fastcgi_split_path_info fastcgi_read_timeout fastcgi_connect_timeout fastcgi_send_timeout fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_cache fastcgi_cache_key fastcgi_read_timeout grpc_read_timeout grpc_send_timeout uwsgi_read_timeout proxy_cache_max_range_offset
hsl f: proxy_buffering proxy_request_buffering proxy_pass_request_headers proxy_pass_request_body proxy_intercept_errors proxy_ignore_client_abort proxy_force_ranges proxy_ssl_server_name proxy_ssl_verify proxy_ssl_session_reuse proxy_cache_lock proxy_cache_revalidate proxy_cache_background_update proxy_socket_keepalive fastcgi_buffering fastcgi_keep_conn fastcgi_intercept_errors fastcgi_ignore_client_abort
hsl 1-9: proxy_next_upstream proxy_cache_use_stale proxy_cache_methods proxy_temp_path proxy_ssl_protocols fastcgi_next_upstream
hsl 2: proxy_buffers fastcgi_buffers
u 1-99 *: server
u 0: ip_hash least_conn
u 1-2: hash zone random_
u 0-2: random
u 1: keepalive keepalive_requests keepalive_timeout keepalive_time
hsl 1 *: set_real_ip_from
hsl 1: real_ip_header
hsl f: real_ip_recursive
hsl 1 *: mirror
hsl f: mirror_request_body
hs f: ssl ssl_prefer_server_ciphers ssl_session_tickets ssl_stapling ssl_stapling_verify ssl_reject_handshake ssl_early_data
hsSV 1 *: ssl_certificate ssl_certificate_key
hsSV 1: ssl_ciphers ssl_dhparam ssl_ecdh_curve ssl_session_timeout ssl_client_certificate ssl_trusted_certificate ssl_verify_client ssl_verify_depth ssl_password_file ssl_crl ssl_session_ticket_key ssl_buffer_size
hsSV 1-9: ssl_protocols
hsSV 1-2: ssl_session_cache
S 0 b *: server
S 1 b *: upstream
S 1-2 b *: map geo
S 2-99 *: log_format
SV 1-9 *: access_log
V 1-30 *: listen
V 1 *: proxy_pass return
V 1-99 *: server_name
SV 1: proxy_timeout proxy_connect_timeout proxy_bind proxy_buffer_size proxy_responses preread_timeout preread_buffer_size resolver_timeout proxy_download_rate proxy_upload_rate
SV f: proxy_ssl ssl_preread tcp_nodelay proxy_protocol proxy_next_upstream proxy_socket_keepalive
SV 1-99: resolver
SV 1 *: allow deny
U 1-99 *: server
U 0: least_conn
U 1-2: hash zone
U 0-2: random
`;

function read(): ReadonlyMap<string, readonly DirectiveShape[]> {
  const shapes = new Map<string, DirectiveShape[]>();
  for (const line of table.split('\n')) {
    const [head = '', names = ''] = line.split(': ');
    const [contexts = '', ...marks] = head.split(' ');
    if (contexts === '') continue;
    const flag = marks.includes('f');
    const counts = marks.find((mark) => /^\d/.test(mark)) ?? '1';
    const [least, most = least] = counts.split('-').map(Number);
    for (const written of names.split(' ')) {
      const name = written.replace(/[*_]$/, '');
      const shape = {
        contexts,
        least: least ?? 1,
        most: most ?? 1,
        block: marks.includes('b'),
        flag,
        repeats: marks.includes('*') || written.endsWith('*'),
      };
      const old = shapes.get(name);
      if (old === undefined) shapes.set(name, [shape]);
      else old.unshift(shape);
    }
  }
  return shapes;
}

/** What nginx's standard modules know, by name. */
export const directiveShapes = read();
