import type { ProviderResourceTemplate } from '#providers/contract.ts'

/** With hyphens or without, as URLs have them. */
const PAGE_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i

export const pageResource: ProviderResourceTemplate = {
  uriTemplate: 'notion://page/{page_id}',
  name: 'notion-page',
  title: { en: 'Notion page', pt: 'Página do Notion' },
  description: 'The text of one page as Markdown. page_id: the 32 hexadecimal digits at the end of its URL.',
  mimeType: 'text/markdown',
  tool: 'notion_read_page_content',
  variables: { page_id: PAGE_ID },
  argumentsOf: ({ page_id }) => ({ page_id }),
}
