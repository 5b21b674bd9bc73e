import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { generateKeyText, parseKeys } from '../../src/vault/keys.ts'
import { createVault, type Vault } from '../../src/vault/seal.ts'

/** Rows go both ways between this server and Python's `cryptography.fernet` under the same MCP_ENCRYPTION_KEY. */

const WHAT_TO_INSTALL = 'Install python3 with cryptography: apt-get install python3-cryptography'

/** The system's own Python has what the system's packages bring, whichever other one comes first in the PATH. */
const interpreter = ['python3', '/usr/bin/python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import cryptography.fernet']).status === 0,
)

/** Runs a script that reads `given` and leaves its answer in `answer`. */
function python(script: string, given: unknown): unknown {
  const program = `
import json, sys
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
given = json.load(sys.stdin)
${script}
json.dump(answer, sys.stdout)
`
  const run = spawnSync(interpreter ?? 'python3', ['-c', program], { input: JSON.stringify(given), encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr || String(run.error))
  return JSON.parse(run.stdout)
}

function vaultOf(keys: string): Vault {
  const parsed = parseKeys(keys)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return createVault(parsed.keys)
}

const contextOf = (connectionId: number) => ({ userId: 42, provider: 'notion', connectionId, version: 1 })

const credentials: Record<string, unknown>[] = [
  { api_key: 'ntn_test' },
  { api_key: '' },
  {},
  { access_token: 'a'.repeat(5000), refresh_token: 'b', expires_at: 1_800_000_000 },
  { api_key: 'chave com acentuação 🔑 日本語', nested: { list: [1, 2.5, null, true] } },
]

beforeAll(() => {
  if (interpreter === undefined) throw new Error(WHAT_TO_INSTALL)
})

describe('a row of ours', () => {
  it('opens in Python with the same key', () => {
    const key = generateKeyText()
    const vault = vaultOf(key)
    const tokens = credentials.map((credential, index) => vault.seal(contextOf(index), credential).token)
    const script = "answer = [json.loads(Fernet(given['key']).decrypt(token.encode())) for token in given['tokens']]"
    expect(python(script, { key, tokens })).toEqual(credentials)
  })

  it('opens in Python with the same list of keys, whichever wrote it', () => {
    const [fresh, old] = [generateKeyText(), generateKeyText()]
    const tokens = [`${fresh},${old}`, old].map((keys) => vaultOf(keys).seal(contextOf(1), { keys: 2 }).token)
    const script = `
box = MultiFernet([Fernet(key) for key in given['keys']])
answer = [json.loads(box.decrypt(token.encode())) for token in given['tokens']]`
    expect(python(script, { keys: [fresh, old], tokens })).toEqual([{ keys: 2 }, { keys: 2 }])
  })

  it('opens there with no other key', () => {
    const { token } = vaultOf(generateKeyText()).seal(contextOf(1), {})
    const script = `
try:
    answer = Fernet(given['key']).decrypt(given['token'].encode()).decode()
except InvalidToken:
    answer = 'InvalidToken'`
    expect(python(script, { key: generateKeyText(), token })).toBe('InvalidToken')
  })
})

describe('a row of Python', () => {
  it('opens here with the same key, and is bound from then on', () => {
    const script = `
key = Fernet.generate_key().decode()
answer = {'key': key, 'tokens': [Fernet(key).encrypt(json.dumps(each).encode()).decode() for each in given]}`
    const { key, tokens } = python(script, credentials) as { key: string; tokens: string[] }
    const vault = vaultOf(key)
    for (const [index, token] of tokens.entries()) {
      const moved = vault.openForeign(token)
      expect(moved).toEqual({ ok: true, value: { credential: credentials[index], keyId: vault.primaryKeyId } })
      expect(vault.open(contextOf(index), { token, bindingTag: null, keyId: null }).ok).toBe(false)
      if (moved.ok) {
        const bound = vault.seal(contextOf(index), moved.value.credential)
        expect(vault.open(contextOf(index), bound)).toEqual({ ok: true, value: credentials[index] })
      }
    }
  })

  it('that Python rotated opens as one that moves in: it lost its binding', () => {
    const [fresh, old] = [generateKeyText(), generateKeyText()]
    const sealed = vaultOf(old).seal(contextOf(1), { api_key: 'ntn_test' })
    const script = `
box = MultiFernet([Fernet(key) for key in given['keys']])
answer = box.rotate(given['token'].encode()).decode()`
    const token = String(python(script, { keys: [fresh, old], token: sealed.token }))
    const vault = vaultOf(`${fresh},${old}`)
    expect(vault.open(contextOf(1), { ...sealed, token })).toMatchObject({ problem: { reason: 'tag_mismatch' } })
    expect(vault.openForeign(token)).toMatchObject({ ok: true, value: { keyId: vault.primaryKeyId } })
  })
})

describe('a key', () => {
  it('of ours is one of Python’s, and the other way round', () => {
    const ours = Array.from({ length: 20 }, generateKeyText)
    const script = `
for key in given: Fernet(key)
answer = [Fernet.generate_key().decode() for _ in given]`
    for (const key of python(script, ours) as string[]) expect(parseKeys(key).ok).toBe(true)
  })
})
