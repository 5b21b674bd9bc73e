import type { ColumnType } from 'kysely'

/** The kinds of columns as TypeScript sees them. Times are Dates, int8 is a number, jsonb is parsed. */

export type Json<T = unknown> = ColumnType<T, string, string>
export type Time = ColumnType<Date, Date | string, Date | string>
export type TimeByDefault = ColumnType<Date, Date | string | undefined, Date | string>
export type TimeOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
export type TextOrNull = ColumnType<string | null, string | null | undefined, string | null>
export type IntegerOrNull = ColumnType<number | null, number | null | undefined, number | null>
