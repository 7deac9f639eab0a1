import { STRONG, WEAK } from './destructive/words.js';

/** Functions of PostgreSQL, MySQL, SQLite and ClickHouse that only compute or look, whatever they are given. */
const PURE = new Set(
  `abs ceil ceiling floor round trunc truncate sign sqrt power pow exp ln log log2 log10 mod div pi random rand width_bucket sin cos tan
  asin acos atan atan2 degrees radians greatest least coalesce nullif ifnull if iif nvl isnull cast convert try_cast safe_cast typeof
  count sum avg min max total group_concat array_agg string_agg listagg bool_and bool_or every bit_and bit_or stddev stddev_pop
  stddev_samp variance var_pop var_samp corr median mode percentile_cont percentile_disc approx_count_distinct any_value
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value grouping
  length len char_length character_length octet_length bit_length lower upper initcap trim ltrim rtrim btrim lpad rpad left right
  substr substring substring_index mid position locate instr strpos replace translate repeat reverse concat concat_ws format printf
  quote quote_ident quote_literal quote_nullable ascii char chr hex unhex encode decode md5 sha1 sha2 sha256 sha512 crc32 split_part
  starts_with regexp_matches regexp_match regexp_replace regexp_like regexp_count regexp_substr regexp_instr regexp_split_to_table
  regexp_split_to_array similarity soundex space elt field find_in_set like glob unicode to_hex to_number overlay normalize
  now curdate curtime sysdate utc_date utc_time utc_timestamp clock_timestamp statement_timestamp transaction_timestamp timeofday
  localtime localtimestamp date time datetime timestamp julianday strftime unixepoch timediff date_add date_sub datediff adddate
  subdate timestampdiff timestampadd date_diff date_part date_trunc date_format date_bin extract year quarter month week day dayname
  dayofmonth dayofweek dayofyear hour minute second monthname last_day weekday weekofyear from_unixtime unix_timestamp to_days
  to_seconds str_to_date time_to_sec sec_to_time to_char to_date to_timestamp to_json to_jsonb make_date make_time make_timestamp
  make_timestamptz make_interval age justify_days justify_hours justify_interval isfinite overlaps timezone time_bucket
  timestamp_sub timestamp_add timestamp_diff timestamp_trunc parse_date parse_timestamp format_date format_timestamp safe_divide
  exists array array_length array_upper array_lower array_ndims array_dims array_position array_positions array_to_string
  string_to_array array_append array_prepend array_cat array_remove array_replace cardinality unnest generate_series
  generate_subscripts row any all some json jsonb json_valid row_to_json array_to_json hstore int4range int8range numrange tsrange
  tstzrange daterange lower_inc upper_inc isempty range_merge to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery ts_rank
  ts_headline version sqlite_version sqlite_source_id database schema user session_user system_user current_user connection_id
  last_insert_id found_rows row_count changes total_changes last_insert_rowid bin_to_uuid uuid_to_bin uuid gen_random_uuid
  uuid_generate_v4 inet_aton inet_ntoa inet_server_addr inet_server_port inet_client_addr inet_client_port host network netmask
  masklen family format_type obj_description col_description shobj_description to_regclass to_regtype to_regproc to_regrole
  pg_typeof pg_backend_pid pg_blocking_pids pg_safe_snapshot_blocking_pids pg_postmaster_start_time pg_conf_load_time
  pg_encoding_to_char pg_relation_filepath pg_relation_filenode pg_tablespace_location pg_tablespace_databases pg_describe_object
  pg_identify_object pg_options_to_table pg_partition_tree pg_partition_root pg_partition_ancestors pg_wal_lsn_diff pg_walfile_name
  pg_walfile_name_offset pg_lock_status pg_hba_file_rules pg_stat_file pg_stat_statements pg_xact_commit_timestamp pg_input_is_valid
  pg_collation_actual_version pg_char_to_encoding pg_read_file pg_sleep sleep pgstattuple pgstatindex pg_buffercache_summary
  pg_logical_slot_peek_changes txid_current_if_assigned txid_current_snapshot txid_snapshot_xmin txid_snapshot_xmax txid_status
  show_chunks hypertable_size hypertable_detailed_size chunks_detailed_size approximate_row_count citus_version
  countif sumif avgif uniq uniqexact quantile quantiles argmax argmin grouparray topk todate todatetime tostring toint32 toint64
  touint32 touint64 tofloat64 tostartofminute tostartofhour tostartofday tostartofmonth toyyyymm formatreadablesize
  formatreadablequantity formatreadabletimedelta hostname currentdatabase uptime today yesterday numbers clusterallreplicas cluster
  empty notempty multiif`.split(/\s+/),
);
/** Families of them. */
const PURE_FAMILY =
  /^(?:jsonb?_\w+|current_\w+|has_\w+_privilege|pg_has_role|pg_\w+_size|pg_size_(?:pretty|bytes)|pg_is_\w+|pg_last_\w+|pg_current_\w+|pg_get_\w+|pg_control_\w+|pg_stat_get_\w+|pg_show_\w+|pg_ls_\w+|pg_\w+_is_visible|citus_\w+_size|pragma_\w+|st_\w+|is_\w+address)$/;

/** Words and types that stand before a bracket and call nothing. */
const NO_CALL = new Set(
  `and or not in is as on using values over filter within group by from join lateral inner outer cross where having select
  distinct union except intersect case when then else end between limit offset fetch order partition with
  recursive materialized returning interval set rollup cube sets only analyze explain verbose costs buffers settings wal timing
  ignore force use index key tablesample bernoulli system ilike similar escape show describe desc table return
  varchar nvarchar nchar character varying numeric decimal number float double real bit varbit binary varbinary
  timestamptz text int integer bigint smallint signed unsigned nullable lowcardinality`.split(/\s+/),
);

const REMOVES = new RegExp(`(?:^|[_.])(?:${STRONG}|${WEAK}|drain|unschedule|terminate)`);

/** Names of the functions that a statement without comments and literals calls, of which nobody knows that they only look. */
export function unknownCalls(statement: string): readonly string[] {
  const found = statement.matchAll(/(?<![\w.$"`])(as |with |into )?((?:"|`)?\w[\w.$"`]*) ?\(/gi);
  return [...found].flatMap(([, before, word = '']) => {
    const name = word.replace(/["`]/g, '').toLowerCase();
    const bare = name.replace(/^pg_catalog\./, '');
    if (before !== undefined || NO_CALL.has(name) || PURE.has(bare) || PURE_FAMILY.test(bare)) return [];
    return [name];
  });
}

/** The function a statement calls that is named after removing something: `drop_chunks(…)`, `cron.unschedule(…)`. */
export function removingCall(statement: string): string | undefined {
  if (!/^(?:select|with|explain|values|perform|do|call|exec(?:ute)?)\b/i.test(statement)) return undefined;
  const [, called] = /^(?:call|exec(?:ute)?) ([\w.$]+)/i.exec(statement) ?? [];
  return [...(called === undefined ? [] : [called.toLowerCase()]), ...unknownCalls(statement)].find((name) =>
    REMOVES.test(name),
  );
}
