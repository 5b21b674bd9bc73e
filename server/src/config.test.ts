import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, SETTINGS } from './config.ts'

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('needs nothing in development', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 8001,
      publicUrl: 'http://localhost:8001',
      databaseUrl: undefined,
      signUp: 'open',
      limits: { store: 'memory' },
    })
  })

  it('closes sign-up to the invited in production', () => {
    const config = loadConfig({ NODE_ENV: 'production', PUBLIC_URL: 'https://keys.example.com/' })
    expect(config).toMatchObject({ signUp: 'invitation', publicUrl: 'https://keys.example.com', production: true })
  })

  it('lists every problem at once, each with the name of its setting', () => {
    const problems = problemsOf({
      PORT: '99999',
      DATABASE_URL: 'mysql://x',
      CHAVEIRO_SIGN_UP: 'maybe',
      EXAMPLE_API_URL: 'not an address',
      CHAVEIRO_RUN_STEPS: '0',
    })
    for (const name of ['PORT', 'DATABASE_URL', 'CHAVEIRO_SIGN_UP', 'EXAMPLE_API_URL', 'CHAVEIRO_RUN_STEPS']) {
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1)
    }
  })

  it.each([
    [{ MCP_ENCRYPTION_KEY: 'a', MCP_ENCRYPTION_KEY_FILE: 'b' }, /both set/],
    [{ CHAVEIRO_LIMITS_STORE: 'redis' }, /REDIS_URL is not set/],
    [{ CHAVEIRO_LIMITS_STORE: 'postgres' }, /DATABASE_URL is not set/],
    [{ DATABASE_OWNER_URL: 'postgres://o@h/d' }, /without DATABASE_URL/],
    [{ NODE_ENV: 'production', MCP_ENCRYPTION_KEY: 'k' }, /PUBLIC_URL/],
    [
      {
        NODE_ENV: 'production',
        PUBLIC_URL: 'https://keys.example.com',
        MCP_ENCRYPTION_KEY: 'k',
        CHAVEIRO_CONFORMANCE: '1',
      },
      /CONFORMANCE/,
    ],
    [{ OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:11434/v1' }, /OPENAI_COMPATIBLE_MODELS/],
  ])('refuses what contradicts itself: %o', (environment, expected) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(expected)])
  })

  it('lists contradictions beside faults', () => {
    expect(problemsOf({ PORT: 'many', CHAVEIRO_LIMITS_STORE: 'redis', NODE_ENV: 'production' })).toEqual([
      'PORT must be a port number, not "many"',
      'CHAVEIRO_LIMITS_STORE is redis, but REDIS_URL is not set',
      expect.stringContaining('PUBLIC_URL must be set in production'),
      expect.stringContaining('MCP_ENCRYPTION_KEY not set'),
    ])
  })

  it('does not call a setting absent that is at fault', () => {
    const problems = problemsOf({
      CHAVEIRO_LIMITS_STORE: 'redis',
      REDIS_URL: 'nowhere',
      DATABASE_URL: 'nowhere',
      DATABASE_OWNER_URL: 'postgres://o@h/d',
      NODE_ENV: 'production',
      PUBLIC_URL: 'nowhere',
      MCP_ENCRYPTION_KEY_FILE: '/run/key',
    })
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['PUBLIC_URL', 'DATABASE_URL', 'REDIS_URL'])
  })

  it('leaves a missing key alone to those who open keys: a migration needs none', () => {
    expect(problemsOf({ NODE_ENV: 'production', PUBLIC_URL: 'https://keys.example.com' })).toEqual([])
  })

  it.each(SETTINGS)('shows the value of %s only where it can be no secret', (name) => {
    const isSecretOrAddress = /(KEY|SECRET|URL|_FILE|METRICS_TOKEN|OAUTH_CLIENTS)$/.test(name)
    const problems = problemsOf({ [name]: '-1' })
    for (const problem of problems.filter((each) => each.startsWith(`${name} must be`)))
      expect(problem.includes('-1')).toBe(!isSecretOrAddress && name !== 'CHAVEIRO_DEFAULT_MODEL')
  })

  it('reads what models cost, and no price that is none', () => {
    const { models } = loadConfig({ CHAVEIRO_MODEL_PRICES: 'openai/gpt-5.4-mini=0.25:2, compatible/llama3:8b=0:0' })
    expect([...models.prices]).toEqual([
      ['openai/gpt-5.4-mini', { input: 0.25, output: 2 }],
      ['compatible/llama3:8b', { input: 0, output: 0 }],
    ])
    expect(loadConfig({}).models.prices.size).toBe(0)
    for (const wrong of ['openai/gpt-5.4', 'gpt=1:2', 'openai/x=1', 'openai/x=-1:2', 'openai/x=1:2:3x']) {
      expect(problemsOf({ CHAVEIRO_MODEL_PRICES: wrong })).toEqual([
        expect.stringContaining('US dollars for a million'),
      ])
    }
  })

  it('reads the trusted issuers, and lists what is wrong with them beside the rest', () => {
    const issuer = { issuer: 'https://login.example.com', audience: 'chaveiro' }
    const setting = { CHAVEIRO_TRUSTED_ISSUERS: JSON.stringify([issuer]) }
    expect(loadConfig(setting).trustedIssuers).toMatchObject([issuer])
    expect(loadConfig({}).trustedIssuers).toEqual([])
    expect(problemsOf({ ...setting, PORT: 'many', PUBLIC_URL: 'https://login.example.com/' })).toEqual([
      'PORT must be a port number, not "many"',
      expect.stringMatching(/^CHAVEIRO_TRUSTED_ISSUERS\[0\]\.issuer is this server itself/),
    ])
    expect(problemsOf({ CHAVEIRO_TRUSTED_ISSUERS: '[{"issuer": "https://u:hidden@h"}]' }).join(' ')).not.toContain(
      'hidden',
    )
  })

  it('takes the operator’s address of a provider from its name', () => {
    const { providerApiUrls } = loadConfig({ EXAMPLE_API_URL: 'http://127.0.0.1:9/base/' })
    expect([...providerApiUrls]).toEqual([['example', 'http://127.0.0.1:9/base']])
  })

  it('treats an empty value as none', () => {
    expect(loadConfig({ DATABASE_URL: '', PORT: ' ' })).toMatchObject({ databaseUrl: undefined, port: 8001 })
  })

  it('never repeats a secret in a problem', () => {
    const secret = 'short-secret'
    expect(problemsOf({ CHAVEIRO_AUTH_SECRET: secret, DATABASE_URL: `redis://u:${secret}@h` }).join(' ')).not.toContain(
      secret,
    )
  })
})
