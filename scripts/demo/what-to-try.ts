import type { DemoUser } from './accounts.ts'
import type { DemoWorkspace } from './workspaces.ts'

/** A demo that runs, as a person and a program need to know it. */
export interface RunningDemo {
  readonly baseUrl: string
  readonly notionApiUrl: string
  readonly descriptionPath: string
  readonly users: readonly (DemoUser & { readonly workspace: DemoWorkspace })[]
  readonly workspaces: readonly DemoWorkspace[]
}

/** The content of `demo.json`: a contract with the examples and with whoever drives a demo. */
export function describeDemo({ baseUrl, notionApiUrl, users, workspaces }: RunningDemo): Record<string, unknown> {
  return {
    base_url: baseUrl,
    notion_api_url: notionApiUrl,
    users: users.map(({ email, password, apiToken, workspace }) => ({
      email,
      password,
      api_token: apiToken,
      notion_api_key: workspace.notionApiKey,
    })),
    workspaces: workspaces.map(({ name, notionApiKey }) => ({ name, notion_api_key: notionApiKey })),
  }
}

/** What to do first, in both languages, with the real keys filled in. */
export function whatToTry(demo: RunningDemo): string {
  const { baseUrl, descriptionPath, users } = demo
  const [first] = users
  if (first === undefined) throw new TypeError('A demo needs a user')
  const header = `-H 'Authorization: Bearer ${first.apiToken}' -H 'Content-Type: application/json'`
  const key = `{"api_key": "${first.workspace.notionApiKey}"}`
  return [
    '',
    'Chaveiro runs next to a made-up Notion, with two users. Nothing leaves this machine.',
    'O Chaveiro está no ar ao lado de um Notion fictício, com dois usuários. Nada sai desta máquina.',
    '',
    `  ${baseUrl}`,
    ...users.flatMap(({ email, password, workspace }) => [
      `  ${email}  ${password}`,
      `    Notion, ${workspace.name}: ${workspace.notionApiKey}`,
    ]),
    '',
    '1. Connect / Conecte',
    `curl ${baseUrl}/api/mcp/notion/connect ${header} -d '${key}'`,
    '   or by allowing access, in a browser: sign in, and press the button that leads to Notion',
    '   ou permitindo o acesso, no navegador: entre e clique no botão que leva ao Notion',
    `${baseUrl}/connect/notion`,
    '2. Search / Busque',
    `curl ${baseUrl}/api/tools/notion_search_pages/call ${header} -d '{"arguments": {"query": "reunião"}}'`,
    '3. The whole story, for both users / A história inteira, com os dois usuários',
    `bash examples/first-run/run.sh ${descriptionPath}`,
    '4. From Claude, Cursor, VS Code … (docs/clients) / No Claude, Cursor, VS Code … (docs/clients)',
    `${baseUrl}/mcp`,
    '',
    `Addresses and keys / Endereços e chaves: ${descriptionPath}`,
    'Stop with / Pare com: Ctrl-C',
    '',
  ].join('\n')
}
