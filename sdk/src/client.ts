import { activityOf, usageOf } from './activity.ts'
import { adminOf } from './administration.ts'
import { agentsOf, modelsOf } from './agents.ts'
import { approvalsOf, chatOf, runsOf, threadsOf } from './chat.ts'
import { clientsOf } from './clients.ts'
import { connectionsOf, providersOf } from './connections.ts'
import { authOf, invitationsOf, meOf, tokensOf } from './identity.ts'
import { serversOf } from './servers.ts'
import { toolsOf } from './tools.ts'
import { createTransport, type ClientOptions } from './transport.ts'

/** Every operation of the API, grouped by feature. */
export type Client = ReturnType<typeof createClient>

/**
 * A client for one server and, where it has a token, one user. It keeps no state and repeats nothing by itself.
 * Methods throw ChaveiroError where the server said no, and the platform's own error where it did not answer.
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(options)
  return {
    auth: authOf(transport),
    me: meOf(transport),
    tokens: tokensOf(transport),
    clients: clientsOf(transport),
    invitations: invitationsOf(transport),
    providers: providersOf(transport),
    connections: connectionsOf(transport),
    servers: serversOf(transport),
    tools: toolsOf(transport),
    agents: agentsOf(transport),
    models: modelsOf(transport),
    chat: chatOf(transport),
    threads: threadsOf(transport),
    runs: runsOf(transport),
    approvals: approvalsOf(transport),
    activity: activityOf(transport),
    usage: usageOf(transport),
    admin: adminOf(transport),
  }
}
