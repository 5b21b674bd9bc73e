import { isIsoTime, isTimeZone } from '../core/dates.ts'
import {
  array,
  boolean,
  literal,
  nullable,
  number,
  object,
  optional,
  string,
  uuid,
  variants,
  worded,
  type Check,
} from './check.ts'

/** Limits of the API's documentation ("Request limits"), in characters or items. */
const MAX_TEXT_LENGTH = 2000
export const MAX_URL_LENGTH = 2000
export const MAX_EXPRESSION_LENGTH = 1000
export const MAX_ARRAY_LENGTH = 100

const COLORS = ['gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red']

/** Text and block colors: the plain ones and their backgrounds. */
export const color: Check = literal(
  'default',
  ...COLORS,
  'default_background',
  ...COLORS.map((name) => `${name}_background`),
)

/** Option colors of select, multi_select and status. */
export const optionColor: Check = literal('default', ...COLORS)

const isoTime: Check = worded(isIsoTime, 'a valid ISO 8601 date string')
const timeZone: Check = worded(isTimeZone, 'a valid time zone')

/** `{start, end?, time_zone?}`. */
export const date: Check = object({
  start: isoTime,
  end: optional(nullable(isoTime)),
  time_zone: optional(nullable(timeZone)),
})

const byId: Check = object({ id: uuid })

const mention: Check = variants({
  user: byId,
  page: byId,
  database: byId,
  data_source: byId,
  date,
  template_mention: variants({
    template_mention_date: literal('today', 'now'),
    template_mention_user: literal('me'),
  }),
  custom_emoji: byId,
  link_mention: object({ href: string(MAX_URL_LENGTH) }),
})

const annotations: Check = object({
  bold: optional(boolean),
  italic: optional(boolean),
  strikethrough: optional(boolean),
  underline: optional(boolean),
  code: optional(boolean),
  color: optional(color),
})

const textItem: Check = object({
  content: string(MAX_TEXT_LENGTH),
  link: optional(nullable(object({ url: string(MAX_URL_LENGTH) }))),
})

/** One rich text item of a request. Read-only members of an answer (`plain_text`, `href`) may be sent back. */
const richTextItem: Check = variants(
  { text: textItem, mention, equation: object({ expression: string(MAX_EXPRESSION_LENGTH) }) },
  { annotations: optional(annotations) },
)

export const richText: Check = array(richTextItem, MAX_ARRAY_LENGTH)

const externalFile: Check = object({ url: string(MAX_URL_LENGTH) })
const uploadedFile: Check = object({ id: uuid })
const hostedFile: Check = object({ url: string(), expiry_time: optional(string()) })

/** Where a media block or a files property takes its file from. */
export const fileMembers: Record<string, Check> = {
  external: externalFile,
  file_upload: uploadedFile,
  file: hostedFile,
}

export const icon: Check = variants({
  emoji: string(),
  external: externalFile,
  file_upload: uploadedFile,
  file: hostedFile,
  custom_emoji: byId,
  icon: object({ name: string(), color: optional(literal('lightgray', ...COLORS)) }),
})

export const cover: Check = variants(fileMembers)

/** `{lat, lon, ...}` of a place property. */
export const place: Check = object({ lat: number, lon: number })
