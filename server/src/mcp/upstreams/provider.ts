import { failure, success, type Outcome } from '#kernel/problem.ts'
import {
  defineProvider,
  type Credential,
  type Identity,
  type Provider,
  type ProviderAccess,
} from '#providers/contract.ts'
import { probe } from './probe.ts'
import { UPSTREAM } from './provider-id.ts'
import { bearerTokenOf } from './sending.ts'
import { addressId, openAddress } from './server-address.ts'

/**
 * Remote MCP servers as the rest of the house knows them: a provider without tools of its own, so that connections to
 * them are stored, listed, checked, ended and recorded like any other. It has no folder among the providers, for it is
 * no service: what it reaches is the users' own choice.
 */

export const remoteServers: Provider = defineProvider({
  id: UPSTREAM,
  name: 'Remote MCP server',
  description: {
    en: 'Any server of the Model Context Protocol, by its address.',
    pt: 'Qualquer servidor do Model Context Protocol, pelo endereço.',
  },
  apiHosts: [],
  apiUrl: '',
  reach: 'any_public_host',
  auth: [],
  permissions: {},
  identify,
  api: () => undefined,
  tools: [],
  docsUrl: 'https://modelcontextprotocol.io/docs/getting-started/intro',
})

/** Every credential of a remote server says which server it is for; nothing else is ever sent the token. */
function serverOf(credential: Credential): { readonly url: string; readonly token?: string } | null {
  const { url } = credential
  const token = bearerTokenOf(credential)
  if (typeof url !== 'string') return null
  return { url, ...(token === null ? {} : { token }) }
}

/** Greets the server with the credential. The account is the address: one connection for each server. */
async function identify({ credential, fetch, signal }: ProviderAccess): Promise<Outcome<Identity>> {
  const server = serverOf(credential)
  if (server === null) return failure('credential_unreadable', 'This connection names no server. Connect it again.')
  const probed = await probe({ ...server, fetch, signal })
  if (!probed.ok) return probed
  const { host } = new URL(server.url)
  if (probed.value.kind === 'challenged') {
    return failure('credential_rejected', `${host} does not accept the token.`, { path: 'token' })
  }
  const { name, version } = probed.value.server
  return success({
    accountId: addressId(server.url),
    label: name === '' ? host : name,
    account: { url: openAddress(server.url), server: name, version },
    permissions: {},
  })
}
