import { request } from 'node:http'

/**
 * The program that the conformance suite starts for each scenario. It hands its task to the test that started the suite, where
 * the client's modules are loaded once, and ends as the client ended. Usage: node start-client.mjs <port> <server's address>
 */

const [port, serverUrl] = process.argv.slice(2)
const task = {
  scenario: process.env['MCP_CONFORMANCE_SCENARIO'] ?? '',
  context: JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}'),
  serverUrl,
}
const asking = request({ host: '127.0.0.1', port, method: 'POST' }, (answer) => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1
  answer.pipe(process.stderr)
})
asking.end(JSON.stringify(task))
