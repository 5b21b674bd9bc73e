import { z } from 'zod'
import { failure, success } from '../../src/kernel/problem.ts'
import {
  defineProvider,
  defineTool,
  type BoundFetch,
  type Provider,
  type ProviderAccess,
} from '../../src/providers/contract.ts'
import type { Registry } from '../../src/providers/registry.ts'

/** A small provider of notes, and the service behind it, so that the house can be tested without any real provider. */

export interface ExampleAccount {
  readonly id: string
  readonly label: string
  readonly notes: Map<string, string>
}

export interface ExampleBackend {
  readonly fetch: BoundFetch
  /** Every request that arrived, with the key it carried. */
  readonly seen: { readonly method: string; readonly path: string; readonly key: string }[]
  /** Lets a key in, as the account. */
  readonly accept: (key: string, account: ExampleAccount) => void
  readonly revoke: (key: string) => void
  /** What happens to the next requests instead of an answer. */
  fault: 'none' | 'down' | 'html' | 'hangs' | 'saved_then_hangs'
}

const API_URL = 'https://api.example.test'

export function createExampleBackend(): ExampleBackend {
  const accounts = new Map<string, ExampleAccount>()
  const backend: ExampleBackend = {
    seen: [],
    fault: 'none',
    accept: (key, account) => accounts.set(key, account),
    revoke: (key) => accounts.delete(key),
    async fetch(input, init) {
      const request = new Request(input, init)
      const key = (request.headers.get('authorization') ?? '').replace('Bearer ', '')
      const { pathname } = new URL(request.url)
      backend.seen.push({ method: request.method, path: pathname, key })
      if (backend.fault === 'down') throw new TypeError('fetch failed')
      if (backend.fault === 'html') return new Response('<html>502</html>', { status: 502 })
      if (backend.fault === 'hangs') return hang(init?.signal)
      const response = await answer(accounts.get(key), request, pathname)
      return backend.fault === 'saved_then_hangs' ? hang(init?.signal) : response
    },
  }
  return backend
}

async function answer(account: ExampleAccount | undefined, request: Request, path: string): Promise<Response> {
  if (account === undefined) return Response.json({ error: 'unauthorized' }, { status: 401 })
  if (path === '/me') return Response.json({ id: account.id, label: account.label })
  const id = path.split('/').at(-1) ?? ''
  if (request.method === 'GET') {
    const text = account.notes.get(id)
    return text === undefined ? Response.json({ error: 'not_found' }, { status: 404 }) : Response.json({ id, text })
  }
  if (request.method === 'DELETE') return Response.json({ id, deleted: account.notes.delete(id) })
  const { text } = (await request.json()) as { text: string }
  const created = `note-${account.notes.size + 1}`
  account.notes.set(created, text)
  return Response.json({ id: created, text })
}

/** Until the caller gives up. The caller's own signal: the one of a Request is held weakly and may be collected. */
function hang(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    if (signal?.aborted !== false) stop()
    signal?.addEventListener('abort', stop)
  })
}

interface NotesApi {
  readonly send: (method: string, path: string, body?: unknown) => Promise<Response>
}

function notesApi({ credential, fetch, apiUrl, signal }: ProviderAccess): NotesApi {
  return {
    send: (method, path, body) =>
      fetch(apiUrl + path, {
        method,
        signal,
        headers: { authorization: `Bearer ${String(credential['api_key'])}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

async function outcomeOf(response: Response) {
  if (response.status === 401) return failure('reauthorize', 'The key no longer works. Connect again.')
  if (response.status === 404) return failure('not_found', 'There is no such note.')
  if (!response.ok) return failure('provider_unavailable', 'Notes do not answer. Try again.')
  const value = (await response.json()) as { id: string; text?: string }
  return success({ text: value.text ?? value.id, value })
}

const intent = { verbs: { en: [], pt: [] }, nouns: { en: [], pt: [] } }

const readNote = defineTool<NotesApi, z.ZodObject<{ id: z.ZodString }>>({
  name: 'example_read_note',
  title: { en: 'Read a note', pt: 'Ler uma nota' },
  description: 'Reads one note.',
  input: z.strictObject({ id: z.string().max(100) }) as never,
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent,
  deadlineMs: 300,
  run: async (api, { id }) => outcomeOf(await api.send('GET', `/notes/${id}`)),
})

const addNote = defineTool<NotesApi, z.ZodObject<{ text: z.ZodString }>>({
  name: 'example_add_note',
  title: { en: 'Add a note', pt: 'Adicionar uma nota' },
  description: 'Adds one note.',
  input: z.strictObject({ text: z.string().max(1_000) }) as never,
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['write'],
  intent,
  deadlineMs: 300,
  run: async (api, { text }) => outcomeOf(await api.send('POST', '/notes', { text })),
})

const deleteNote = defineTool<NotesApi, z.ZodObject<{ id: z.ZodString }>>({
  name: 'example_delete_note',
  title: { en: 'Delete a note', pt: 'Apagar uma nota' },
  description: 'Deletes one note.',
  input: z.strictObject({ id: z.string().max(100) }) as never,
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['write'],
  intent,
  deadlineMs: 300,
  run: async (api, { id }) => outcomeOf(await api.send('DELETE', `/notes/${id}`)),
})

export const exampleProvider: Provider = defineProvider<NotesApi>({
  id: 'example',
  name: 'Example Notes',
  description: { en: 'Notes for tests', pt: 'Notas para testes' },
  apiHosts: ['api.example.test'],
  apiUrl: API_URL,
  docsUrl: 'https://example.test/keys',
  auth: [
    {
      kind: 'api_key',
      fields: [{ name: 'api_key', label: { en: 'Key', pt: 'Chave' }, steps: [] }],
      keysUrl: 'https://example.test/keys',
    },
  ],
  permissions: { read: { en: 'read notes', pt: 'ler notas' }, write: { en: 'write notes', pt: 'escrever notas' } },
  async identify(access) {
    const response = await notesApi(access).send('GET', '/me')
    if (response.status === 401) return failure('credential_rejected', 'Example Notes refused the key.')
    if (!response.ok) return failure('provider_unavailable', 'Example Notes does not answer.')
    const me = (await response.json()) as { id: string; label: string }
    return success({
      accountId: me.id,
      label: me.label,
      account: { name: me.label },
      permissions: { read: true, write: !me.label.includes('read-only') },
    })
  },
  api: notesApi,
  tools: [readNote, addNote, deleteNote],
  documents: [
    {
      uri: 'example://docs/notes',
      name: 'example-notes',
      title: { en: 'About notes', pt: 'Sobre notas' },
      description: 'How notes are written.',
      mimeType: 'text/plain',
      text: 'A note is one line.',
    },
  ],
  resourceTemplates: [
    {
      uriTemplate: 'example://note/{id}',
      name: 'example-note',
      title: { en: 'Note', pt: 'Nota' },
      description: 'One note.',
      mimeType: 'text/plain',
      tool: 'example_read_note',
      variables: { id: /^note-\d{1,6}$/ },
      argumentsOf: ({ id }) => ({ id }),
    },
  ],
  prompts: [
    {
      name: 'example_shorten_note',
      title: { en: 'Shorten a note', pt: 'Encurtar uma nota' },
      description: 'One note in fewer words.',
      arguments: [
        { name: 'note', description: 'Id of the note', required: true },
        { name: 'words', description: 'How many words at most', required: false },
      ],
      tools: ['example_read_note'],
      render: ({ note = '', words = 'ten' }) => ({
        en: `Shorten ${note} to ${words} words.`,
        pt: `Encurte ${note} para ${words} palavras.`,
      }),
    },
    {
      name: 'example_copy_note',
      title: { en: 'Copy a note', pt: 'Copiar uma nota' },
      description: 'One note again.',
      arguments: [{ name: 'note', description: 'Id of the note', required: true }],
      tools: ['example_read_note', 'example_add_note'],
      render: ({ note = '' }) => ({ en: `Copy ${note}.`, pt: `Copie ${note}.` }),
    },
  ],
})

export function exampleRegistry(): Registry {
  const tools = exampleProvider.tools.map((tool) => ({ provider: exampleProvider, tool }))
  return {
    providers: [exampleProvider],
    all: [exampleProvider],
    tools,
    provider: (id) => (id === exampleProvider.id ? exampleProvider : undefined),
    tool: (name) => tools.find(({ tool }) => tool.name === name),
  }
}
