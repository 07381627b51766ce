/** Functions that gauze knows and does not compute, with what to write instead. */

/** Why a function is refused and what to write. */
export interface RefusedFunction {
  readonly why: string;
  readonly instead: string;
}

const VOLATILE = 'gives another value each time it is asked, so that an answer could not be recalled or checked.';
const INEXACT = 'has last bits that differ between engines.';
const ACROSS = 'has no mechanism here yet.';
const UNORDERED = 'depends on the order in which an engine reads rows, or shows single rows.';

const NOW = "Write the day or time as a constant or parameter: DATE '2024-01-31', or $today.";
const BINS = 'Ask for AVG, and for counts over bins: COUNT(*) FILTER (WHERE x < 10).';

/** Groups of names that share a reason. */
const GROUPS: readonly (readonly [why: string, instead: string, names: string])[] = [
  [
    VOLATILE,
    NOW,
    'now current_date current_timestamp current_time today get_current_timestamp localtime localtimestamp transaction_timestamp get_current_time',
  ],
  [
    VOLATILE,
    'Write out the sample you want as a condition, such as visit_id % 10 = 0.',
    'random rand setseed gen_random_uuid uuid uuidv4 uuidv7 nextval currval',
  ],
  [
    INEXACT,
    'Write x * x for squares and cubes; take other curves of the released answer.',
    'pow power exp exp2 expm1 cbrt gamma lgamma factorial',
  ],
  [INEXACT, 'Bin the values with CASE, or take logarithms of the released answer.', 'ln log log10 log2 log1p'],
  [
    INEXACT,
    'Compute it from the released answer.',
    'sin cos tan cot asin acos atan atan2 sinh cosh tanh asinh acosh atanh degrees radians pi e',
  ],
  [
    'has a language of its own that could run without end.',
    'Write LIKE, starts_with, contains or substring.',
    'regexp_matches regexp_full_match regexp_replace regexp_extract regexp_extract_all regexp_split_to_array regexp_split_to_table regexp_like regexp_escape glob',
  ],
  [
    'hides which values it tells apart.',
    'Compare the values themselves.',
    'hash md5 md5_number md5_number_lower md5_number_upper sha1 sha256 crc32 bit_count',
  ],
  [
    'reads the machine, not the data.',
    'Ask about the tables of the policy.',
    'getenv current_setting set_config version current_user user session_user current_schema current_schemas current_database current_catalog current_role current_query txid_current pg_typeof typeof getvariable pg_sleep sleep read_csv read_csv_auto read_parquet parquet_scan read_json read_json_auto read_text read_blob glob_files duckdb_tables duckdb_columns duckdb_settings query query_table error',
  ],
  [
    ACROSS,
    `${BINS} Of one person, write median(x) or quantile_cont(x, 0.9) in a group that holds the unit.`,
    'percentile mad approx_quantile reservoir_quantile',
  ],
  [ACROSS, BINS, 'approx_top_k histogram histogram_exact'],
  [
    ACROSS,
    'Ask for AVG(x) and AVG(x * x): the variance is AVG(x * x) - AVG(x) * AVG(x). Of one person, write stddev(x) or var_samp(x) in a group that holds the unit.',
    'std var sem kurtosis kurtosis_pop skewness entropy',
  ],
  [
    ACROSS,
    'Ask for AVG(x), AVG(y), AVG(x * y) and AVG(x * x), and compute it from the answer.',
    'corr covar_pop covar_samp regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_sxy regr_syy',
  ],
  [ACROSS, 'Write COUNT(DISTINCT x).', 'approx_count_distinct'],
  ['multiplies over rows and has no bound.', 'Ask for SUM or AVG.', 'product geometric_mean geomean'],
  [
    UNORDERED,
    'Write MIN(x), MAX(x), or arg_max(x, day) for the latest, inside a group that holds the unit.',
    'nth_value fill',
  ],
  [
    UNORDERED,
    'Group by the value and count: SELECT x, COUNT(*) … GROUP BY x. Of one person, write first(x ORDER BY day), mode(x) or COUNT(DISTINCT x).',
    'list array_agg string_agg group_concat listagg json_group_array json_group_object map_from_entries list_value unnest flatten range generate_series',
  ],
  ['works on bits.', 'Write bool_or or bool_and, or SUM of a CASE.', 'bit_and bit_or bit_xor bitstring_agg'],
  [
    'sums in another order or precision than the rest.',
    'Write SUM(x) or AVG(x); both are exact here.',
    'fsum sumkahan kahan_sum favg sum_no_overflow',
  ],
  [
    'splits rows evenly by their number, so that one person moves others.',
    'Write rank, row_number, or bins with CASE.',
    'ntile percent_rank cume_dist',
  ],
  [
    'depends on the language of the machine.',
    'Group by month(x) or dayofweek(x), and name the numbers in the answer.',
    'monthname dayname',
  ],
  [
    'depends on the language of the machine.',
    "Group by date_trunc('month', x), year(x) or month(x), and print the answer as you like; read dates with CAST(x AS DATE).",
    'strftime strptime try_strptime to_char to_timestamp',
  ],
  [
    'gives months and days that have no single length.',
    "Write age_in_years(birth, day), or date_diff('day', a, b).",
    'age',
  ],
  [
    'counts bytes or draws pictures, not letters.',
    'Write length(x), which counts letters.',
    'strlen octet_length bit_length bar format printf lpad rpad repeat reverse ascii chr ord unicode',
  ],
  [
    'is not one of the text functions here.',
    'Write substring, left, right, replace or concat.',
    'concat_ws split_part string_split str_split string_to_array translate initcap levenshtein damerau_levenshtein jaccard jaro_similarity soundex strip_accents nfc_normalize hex unhex to_base64 from_base64 encode decode',
  ],
  ['asks about NaN, which is read as NULL.', 'Write x IS NULL.', 'isnan isinf isfinite'],
  [
    'names no part of a date here.',
    "Write year, quarter, month, week, day, or date_diff('second', TIMESTAMP '1970-01-01', x).",
    'epoch epoch_ms epoch_us epoch_ns century millennium era yearweek julian millisecond microsecond nanosecond timezone make_timestamp make_time time_bucket',
  ],
  [
    'tells the level of a subtotal, which is left out here.',
    "A subtotal’s keys are NULL: write COALESCE(x, 'all').",
    'grouping grouping_id',
  ],
];

/** Refused names, in lower case. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, RefusedFunction> = new Map(
  GROUPS.flatMap(([why, instead, names]) => names.split(' ').map((name) => [name, { why, instead }] as const)),
);
