/** How each client is told of the server. A test holds `docs/clients/` to the same lines. */

export const CLIENT_IDS = ['claude-code', 'claude-desktop', 'cursor', 'vs-code', 'inspector'] as const
export type ClientId = (typeof CLIENT_IDS)[number]

export interface ClientSetup {
  readonly id: ClientId
  readonly name: string
  /** The command, or what the file holds. */
  readonly text: string
  /** The file that it goes into; null: a terminal. */
  readonly file: string | null
}

const NAME = 'chaveiro'
/** The bridge of a client that starts programs only, and the Inspector: as they were tried. */
const MCP_REMOTE = 'mcp-remote@0.15.1'
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0'

/** @param url of the server's MCP endpoint */
export function clientSetups(url: string): readonly ClientSetup[] {
  const isPlain = url.startsWith('http:')
  const bridge = ['-y', MCP_REMOTE, url, '--transport', 'http-only', ...(isPlain ? ['--allow-http'] : [])]
  return [
    {
      id: 'claude-code',
      name: 'Claude Code',
      text: `claude mcp add --transport http ${NAME} ${url}`,
      file: null,
    },
    {
      id: 'claude-desktop',
      name: 'Claude Desktop',
      text: [
        '{',
        '  "mcpServers": {',
        `    "${NAME}": {`,
        '      "command": "npx",',
        `      "args": [${bridge.map((argument) => JSON.stringify(argument)).join(', ')}]`,
        '    }',
        '  }',
        '}',
      ].join('\n'),
      file: 'claude_desktop_config.json',
    },
    {
      id: 'cursor',
      name: 'Cursor',
      text: ['{', '  "mcpServers": {', `    "${NAME}": { "url": "${url}" }`, '  }', '}'].join('\n'),
      file: '~/.cursor/mcp.json',
    },
    {
      id: 'vs-code',
      name: 'VS Code',
      text: `code --add-mcp '${JSON.stringify({ name: NAME, type: 'http', url })}'`,
      file: null,
    },
    {
      id: 'inspector',
      name: 'MCP Inspector',
      text: `npx ${INSPECTOR}`,
      file: null,
    },
  ]
}
