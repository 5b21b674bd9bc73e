import type { ProviderDocument } from '#providers/contract.ts'

/**
 * The Markdown of Notion pages, for whoever writes some. Every example stands in a fence, and behind its arrow the blocks
 * that come of it; the test beside reads both out of this text and asks the converter.
 */

const TEXT = `# Markdown of Notion pages

\`notion_read_page_content\` gives this Markdown; \`content\` of \`notion_create_page\`, \`notion_update_page\` and \`notion_append_blocks\` takes it. The title is not part of it: it is an argument of its own.

## One line is one block

Blank lines only separate; they are not kept. A line break inside a paragraph would be a new paragraph.

~~~
First paragraph
Second paragraph
~~~
→ paragraph, paragraph

Headings have four sizes; more marks mean the fourth.

~~~
# Plan
## Goals
### Details
#### Notes
~~~
→ heading_1, heading_2, heading_3, heading_4

~~~
- point
1. step
- [ ] to do
- [x] done
> quotation
---
~~~
→ bulleted_list_item, numbered_list_item, to_do, to_do, quote, divider

\`<empty-block/>\` is an empty line on purpose.

~~~
<empty-block/>
~~~
→ paragraph

## What is indented belongs to the block above

By a tab or by spaces, under list items, to-dos, quotations and paragraphs. Headings hold nothing.

~~~
- [ ] Ship the release
	- Write the notes
	The notes go to the whole team.
- [ ] Tell the customers
~~~
→ to_do (bulleted_list_item, paragraph), to_do

## Several lines

~~~
> first line of one quotation
> second line of the same
~~~
→ quote

~~~
| Name | Amount |
|---|---|
| Hotel | 1200 |
~~~
→ table (table_row, table_row)

Code keeps its lines; name the language. An equation stands between \`$$\`.

~~~
\`\`\`python
print("hello")
\`\`\`
$$
e = mc^2
$$
![Caption](https://example.com/plan.png)
~~~
→ code, equation, image

## Tags

For what Markdown has no mark. The opening tag, the closing tag and everything between stand on lines of their own.

~~~
<details>
<summary>Click to open</summary>
	Hidden text
	- and a list
</details>
<callout icon="💡">
	Read this first
</callout>
~~~
→ toggle (paragraph, bulleted_list_item), callout

Tables with formatting or a header column are read as \`<table header-row="true">\` with \`<tr>\` and \`<td>\`; they can be written so, too.

~~~
<table header-row="true" header-column="true">
	<tr>
		<td>Item</td>
		<td>**Limit**</td>
	</tr>
</table>
~~~
→ table (table_row)

## Within a line

\`**bold**\`, \`*italic*\`, \`~~struck~~\`, \`\\\`code\\\`\` and \`[text](https://example.com)\`. Links are http, https, mailto or tel. A backslash before \`* _ ~ [ ] $ \\\` or a backtick keeps the character.

~~~
**Due** *Friday*: see [the plan](https://example.com/plan), not ~~the draft~~
~~~
→ paragraph

## Reading and writing back

- Pages also hold what has no mark here: \`{color="red"}\` behind a line, columns, mentions, files, \`<page url="…">\`, \`<database url="…">\`, \`<unknown …/>\`. Keep such lines exactly as they were read when you replace a page; a page or database whose line is missing would go to the trash, so that is refused without \`allow_deleting_content\`.
- \`notion_append_blocks\` takes what the examples show. Other tags become plain text there.
- To change passages use \`notion_edit_page_content\` with an exact copy of the old text.
`

export const markdownDocument: ProviderDocument = {
  uri: 'notion://docs/markdown',
  name: 'notion-markdown',
  title: { en: 'Markdown of Notion pages', pt: 'Markdown das páginas do Notion' },
  description:
    'How the text of pages is written: headings, lists, to-dos, tables, toggles, callouts, code. Read it before writing more than a few paragraphs.',
  mimeType: 'text/markdown',
  text: TEXT,
}
