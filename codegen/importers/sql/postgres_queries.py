"""What is asked of `pg_catalog`: each query's columns are read by position.

Objects of extensions and the partitions of a table are left out.
"""

from __future__ import annotations

from typing import Final

SCHEMAS: Final = """
SELECT nspname FROM pg_catalog.pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname
"""

CURRENT_SCHEMA: Final = "SELECT current_schema(), current_database()"

_OWN_TABLES: Final = """
SELECT c.oid, c.relname, c.relkind FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
      AND d.deptype = 'e'
  )
"""

RELATIONS: Final = f"""
SELECT t.oid, t.relname, t.relkind::text,
  pg_catalog.obj_description(t.oid, 'pg_class')
FROM ({_OWN_TABLES}) t ORDER BY t.relname COLLATE "C"
"""

TYPES: Final = """
SELECT t.oid, t.typname, n.nspname, t.typtype::text,
  CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype <> 'c'
"""

COLUMNS: Final = f"""
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attndims,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  a.attnotnull AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid
      AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
  ),
  a.attidentity::text, a.attgenerated::text,
  pg_catalog.pg_get_expr(d.adbin, d.adrelid),
  CASE WHEN a.attcollation <> t.typcollation THEN l.collname END,
  pg_catalog.col_description(a.attrelid, a.attnum)
FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_attribute a ON a.attrelid = own.oid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped AND own.relkind IN ('r', 'p')
ORDER BY a.attrelid, a.attnum
"""

CONSTRAINTS: Final = f"""
SELECT k.conrelid, k.contype::text, k.conname, k.conkey, n.nspname, r.relname,
  (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.place)
   FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u (number, place)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
  ARRAY[k.confdeltype::text, k.confupdtype::text],
  CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_constraintdef(k.oid, true) END
FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_constraint k ON k.conrelid = own.oid
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE k.contype IN ('p', 'f', 'c') AND own.relkind IN ('r', 'p')
ORDER BY k.conrelid, k.conkey, k.conname COLLATE "C"
"""

# `indnullsnotdistinct` is there since PostgreSQL 15.
INDEXES: Final = f"""
SELECT i.indrelid, c.relname, i.indisunique,
  coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false),
  m.amname, k.numbers, k.options, k.collations,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_index i ON i.indrelid = own.oid
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL (
  SELECT pg_catalog.array_agg(i.indkey[p] ORDER BY p) AS numbers,
    pg_catalog.array_agg(i.indoption[p] ORDER BY p) AS options,
    pg_catalog.array_agg(
      CASE WHEN a.attcollation <> i.indcollation[p] THEN l.collname::text END
      ORDER BY p
    ) AS collations
  FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) p
  LEFT JOIN pg_catalog.pg_attribute a
    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p] AND i.indkey[p] <> 0
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[p]
) k
WHERE NOT i.indisprimary AND NOT i.indisexclusion AND own.relkind IN ('r', 'p')
ORDER BY i.indrelid, c.relname COLLATE "C"
"""

ATTACHED: Final = f"""
SELECT own.relname, g.tgname, 'trigger' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_trigger g ON g.tgrelid = own.oid AND NOT g.tgisinternal
WHERE own.relkind IN ('r', 'p')
UNION ALL
SELECT own.relname, r.rulename, 'rule' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_rewrite r ON r.ev_class = own.oid AND r.rulename <> '_RETURN'
WHERE own.relkind IN ('r', 'p')
UNION ALL
SELECT own.relname, parent.relname, 'INHERITS' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_inherits h ON h.inhrelid = own.oid
JOIN pg_catalog.pg_class parent ON parent.oid = h.inhparent
UNION ALL
SELECT own.relname, pg_catalog.pg_get_partkeydef(own.oid), 'partitioning'
FROM ({_OWN_TABLES}) own WHERE own.relkind = 'p'
UNION ALL
SELECT own.relname,
  pg_catalog.string_agg(k.conname, ', ' ORDER BY k.conname COLLATE "C"), 'DEFERRABLE'
FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_constraint k ON k.conrelid = own.oid AND k.condeferrable
GROUP BY own.relname
UNION ALL
SELECT own.relname, c.relname, 'INCLUDE' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_index i ON i.indrelid = own.oid AND i.indnatts > i.indnkeyatts
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
UNION ALL
SELECT own.relname, NULL, 'row security' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_class c ON c.oid = own.oid AND c.relrowsecurity
UNION ALL
SELECT own.relname, p.polname, 'policy of row security' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_policy p ON p.polrelid = own.oid
UNION ALL
SELECT own.relname, k.conname, 'exclusion constraint' FROM ({_OWN_TABLES}) own
JOIN pg_catalog.pg_constraint k ON k.conrelid = own.oid AND k.contype = 'x'
"""
"""Each `%s` is the same schema."""

ENUMS: Final = """
SELECT n.nspname, t.typname,
  ARRAY(
    SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
    WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder
  ),
  pg_catalog.obj_description(t.oid, 'pg_type')
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' ORDER BY 1, 2
"""

DOMAINS: Final = """
SELECT n.nspname, t.typname, t.typbasetype, t.typtypmod,
  pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
  ARRAY(
    SELECT pg_catalog.pg_get_constraintdef(k.oid, true) FROM pg_catalog.pg_constraint k
    WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname
  ),
  pg_catalog.obj_description(t.oid, 'pg_type')
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 1, 2
"""
