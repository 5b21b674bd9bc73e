// What every program here does with its client: list the tools, find a page, read it, and say what came.

/**
 * @typedef {{ listTools: () => Promise<string[]>, callTool: (name: string, given: object) => Promise<string> }} Calls
 * @param {Calls} client
 * @param {{ title: string, pageId: string }} page
 */
export async function report({ listTools, callTool }, { title, pageId }) {
  const tools = await listTools()
  const found = await callTool('notion_search_pages', { query: title })
  const content = await callTool('notion_read_page_content', { page_id: pageId })
  process.stdout.write(`${JSON.stringify({ tools, found, content })}\n`)
}

/** @returns {{ url: string, token: string, title: string, pageId: string, mode: string }} what a program is called with */
export function given() {
  const [url = '', token = '', title = '', pageId = '', mode = ''] = process.argv.slice(2)
  return { url, token, title, pageId, mode }
}

/**
 * The calls of the protocol's own SDK, the same in both of its generations.
 * @param {{
 *   listTools: () => Promise<{ tools: { name: string }[] }>,
 *   callTool: (call: { name: string, arguments: Record<string, unknown> }) => Promise<unknown>,
 * }} client
 * @returns {Calls}
 */
export function sdkCalls(client) {
  return {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, given) => JSON.stringify(await client.callTool({ name, arguments: { ...given } })),
  }
}
