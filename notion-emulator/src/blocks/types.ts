import { mergedText, storedRichText } from '../core/rich-text.ts'
import { parseId } from '../core/ids.ts'
import { stringOf } from '../core/json.ts'
import { LANGUAGES } from '../markdown/languages.ts'
import type { JsonObject } from '../state/model.ts'
import {
  array,
  boolean,
  integer,
  isObject,
  literal,
  nullable,
  number,
  object,
  optional,
  string,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import {
  MAX_ARRAY_LENGTH,
  MAX_EXPRESSION_LENGTH,
  MAX_URL_LENGTH,
  color,
  icon,
  richText,
} from '../validation/rich-text.ts'

/** One member of a block's payload: how a request may give it and what is kept. */
export interface BlockField {
  name: string
  check: Check
  /** A block cannot be created without it. */
  required: boolean
  /** It cannot be changed later. */
  isFixed?: true
  /** What is kept; called with undefined when the request did not give it. Undefined leaves the member out. */
  store: (value: unknown) => unknown
}

export interface BlockType {
  /** In the key order of answers. */
  fields: BlockField[]
  /** Whether blocks may hang below; `required` means that creation must bring some. */
  children: 'none' | 'allowed' | 'required'
  /** What the payload as a whole must be, beside its fields. */
  check?: Check
  /** The file source of media blocks: one of `external`, `file_upload`, `file`. */
  media?: true
}

const DEFAULT_CALLOUT_ICON = { type: 'emoji', emoji: '💡' }
const MAX_TABLE_WIDTH = 100

function field(name: string, check: Check, store: (value: unknown) => unknown, required = false): BlockField {
  return { name, check, store, required }
}

const BUILTIN_ICON = /^https:\/\/www\.notion\.so\/icons\/(.+)_([a-z]+)\.svg/

/** The address of one of Notion's own icons is answered as that icon. */
function builtinIcon(url: unknown): JsonObject | null {
  const match = BUILTIN_ICON.exec(stringOf(url))
  return match === null ? null : { type: 'icon', icon: { name: match[1], color: match[2] } }
}

/** Emoji, external picture and the like, with `type` first. */
export function storedIcon(value: unknown): JsonObject | null {
  if (!isObject(value)) return null
  const type = ['emoji', 'external', 'file_upload', 'file', 'custom_emoji', 'icon'].find((name) => name in value)
  if (type === undefined) return null
  const builtin = type === 'external' && isObject(value['external']) ? builtinIcon(value['external']['url']) : null
  return builtin ?? { type, [type]: value[type] }
}

const text = field('rich_text', richText, storedRichText, true)
const codeText = field('rich_text', richText, (value) => mergedText(storedRichText(value)), true)
const colored = field('color', color, (value) => value ?? 'default')
const caption = field('caption', richText, storedRichText)
const address = field('url', string(MAX_URL_LENGTH), (value) => value ?? '', true)
const nullIcon = field('icon', nullable(icon), storedIcon)
const calloutIcon = field('icon', nullable(icon), (value) =>
  value === undefined ? DEFAULT_CALLOUT_ICON : storedIcon(value),
)
const flag = (name: string): BlockField => field(name, boolean, (value) => value ?? false)
const kept = (name: string, check: Check): BlockField => field(name, check, (value) => value)

const heading: BlockType = { fields: [text, flag('is_toggleable'), colored], children: 'allowed' }
const textual: BlockType = { fields: [text, colored], children: 'allowed' }
const media: BlockType = { fields: [caption], children: 'none', media: true }
const empty: BlockType = { fields: [], children: 'none' }

/** What a link to a page may lead to. */
const LINK_TARGETS = ['page_id', 'database_id', 'comment_id']

function storedReference(name: string): BlockField {
  return field(name, uuid, (value) => (value === undefined ? undefined : parseId(value)))
}

function storedSync(value: unknown): unknown {
  return isObject(value) ? { type: 'block_id', block_id: parseId(value['block_id']) } : null
}

/** Every block type that a request may create or change. */
export const BLOCK_TYPES: Record<string, BlockType> = {
  paragraph: { fields: [text, nullIcon, colored], children: 'allowed' },
  heading_1: heading,
  heading_2: heading,
  heading_3: heading,
  heading_4: heading,
  bulleted_list_item: textual,
  numbered_list_item: {
    fields: [
      text,
      colored,
      kept('list_start_index', number),
      kept('list_format', literal('numbers', 'letters', 'roman')),
    ],
    children: 'allowed',
  },
  to_do: { fields: [text, flag('checked'), colored], children: 'allowed' },
  toggle: textual,
  quote: textual,
  callout: { fields: [text, calloutIcon, colored], children: 'allowed' },
  code: {
    fields: [caption, codeText, field('language', literal(...LANGUAGES), (value) => value ?? 'plain text', true)],
    children: 'none',
  },
  equation: {
    fields: [field('expression', string(MAX_EXPRESSION_LENGTH), (value) => value ?? '', true)],
    children: 'none',
  },
  divider: empty,
  breadcrumb: empty,
  table_of_contents: { fields: [colored], children: 'none' },
  table: {
    fields: [
      { ...field('table_width', integer(1, MAX_TABLE_WIDTH), (value) => value, true), isFixed: true },
      flag('has_column_header'),
      flag('has_row_header'),
    ],
    children: 'required',
  },
  table_row: {
    fields: [
      field(
        'cells',
        array(richText, MAX_ARRAY_LENGTH),
        (value) => (Array.isArray(value) ? value.map(storedRichText) : []),
        true,
      ),
    ],
    children: 'none',
  },
  column_list: { fields: [], children: 'required' },
  column: { fields: [kept('width_ratio', number)], children: 'allowed' },
  tab: { fields: [], children: 'required' },
  bookmark: { fields: [caption, address], children: 'none' },
  embed: { fields: [caption, address], children: 'none' },
  image: media,
  video: media,
  audio: media,
  pdf: media,
  file: { ...media, fields: [caption, kept('name', string())] },
  link_to_page: {
    fields: LINK_TARGETS.map(storedReference),
    children: 'none',
    check: variants(Object.fromEntries(LINK_TARGETS.map((name) => [name, uuid] satisfies [string, Check]))),
  },
  synced_block: {
    fields: [field('synced_from', nullable(object({ block_id: uuid })), storedSync, true)],
    children: 'allowed',
  },
  template: { fields: [text], children: 'allowed' },
}

/** Types that only answers have; a request cannot create them. */
export const READ_ONLY_BLOCK_TYPES = ['child_page', 'child_database', 'link_preview', 'meeting_notes', 'unsupported']

/** Whether blocks may be appended to a block of this type. */
export function mayHaveChildren(type: string): boolean {
  return (BLOCK_TYPES[type]?.children ?? 'none') !== 'none'
}

/** Makes a check optional for creation according to the field. */
export function fieldCheck(definition: BlockField): Check {
  return definition.required ? definition.check : optional(definition.check)
}
