/** A block on its way to or from Markdown. Ids are not part of the text: what is parsed has none, pages excepted. */
export interface MarkdownBlock {
  type: string
  /** Id of the stored block, where there is one; for a child page or database it is read from its address. */
  id?: string
  /** The payload under the type's name, as in answers: `{rich_text, color}`, `{expression}` ... */
  data: Record<string, unknown>
  children: MarkdownBlock[]
  /** The block cannot be shown: it is written as an `<unknown>` tag. */
  unknown?: boolean
  /** Address of a child page or database, of the source of a synced copy, or of a block that is unknown. */
  url?: string
  /** Title of a child page or database. */
  title?: string
}

/** Marks of a piece of text; `color` is Notion's own name, such as `red` or `gray_background`. */
export interface Annotations {
  bold: boolean
  italic: boolean
  strikethrough: boolean
  underline: boolean
  code: boolean
  color: string
}

interface ItemCommon {
  annotations: Annotations
  plain_text: string
  href: string | null
}

export interface TextItem extends ItemCommon {
  type: 'text'
  text: { content: string; link: { url: string } | null }
}

export interface EquationItem extends ItemCommon {
  type: 'equation'
  equation: { expression: string }
}

export interface MentionItem extends ItemCommon {
  type: 'mention'
  /** `{type, <type>: value}`. */
  mention: { type: string; [type: string]: unknown }
}

/** A rich text item in the shape of answers. */
export type RichTextItem = TextItem | EquationItem | MentionItem
