import { describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN_SCOPES } from '#kernel/principal.ts'
import { operatorHostsOf, parseTrustedIssuers } from './trusted-issuers.ts'

const PUBLIC_URL = 'https://chaveiro.example'
const ENTRY = { issuer: 'https://login.example.com/', audience: 'chaveiro' }
const parse = (value: unknown) =>
  parseTrustedIssuers(typeof value === 'string' ? value : JSON.stringify(value), PUBLIC_URL)

describe('the setting of trusted issuers', () => {
  it('is empty where it is not set', () => {
    expect(parseTrustedIssuers(undefined, PUBLIC_URL)).toEqual({ issuers: [], problems: [] })
  })

  it('needs an issuer and an audience, and keeps the issuer to the letter', () => {
    expect(parse([ENTRY])).toEqual({
      problems: [],
      issuers: [
        {
          issuer: 'https://login.example.com/',
          audience: 'chaveiro',
          jwksUrl: undefined,
          userClaim: 'sub',
          emailClaim: 'email',
          nameClaim: 'name',
          scopesClaim: undefined,
          scopes: DEFAULT_TOKEN_SCOPES,
          createUsers: true,
        },
      ],
    })
  })

  it('takes every member', () => {
    const { issuers, problems } = parse([
      {
        ...ENTRY,
        jwks_url: 'https://keys.example.com/jwks',
        user_claim: 'uid',
        email_claim: 'mail',
        name_claim: 'display_name',
        scopes_claim: 'scope',
        default_scopes: ['tools:read'],
        create_users: false,
      },
    ])
    expect(problems).toEqual([])
    expect(issuers[0]).toMatchObject({
      jwksUrl: 'https://keys.example.com/jwks',
      userClaim: 'uid',
      emailClaim: 'mail',
      nameClaim: 'display_name',
      scopesClaim: 'scope',
      scopes: ['tools:read'],
      createUsers: false,
    })
    expect(issuers.flatMap(operatorHostsOf)).toEqual(['login.example.com', 'keys.example.com'])
  })

  it.each([
    ['not json', /no JSON/],
    ['[{"issuer": "https://a.example", "issuer": "https://b.example", "audience": "x"}]', /no JSON/],
    [{ issuer: 'https://a.example' }, /it must be a JSON array$/],
    ['-1', /it must be a JSON array$/],
    [['https://login.example.com'], /^CHAVEIRO_TRUSTED_ISSUERS\[0\] must be an object/],
    [[{ audience: 'x' }], /\[0\]\.issuer is missing/],
    [[{ issuer: 'https://login.example.com' }], /\[0\]\.audience is missing/],
    [[{ ...ENTRY, audience: '' }], /\[0\]\.audience must not be empty/],
    [[{ ...ENTRY, audience: ['a', 'b'] }], /\[0\]\.audience is missing or no text/],
    [[{ ...ENTRY, issuer: 'login.example.com' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'http://login.example.com' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'http://8.8.8.8' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'ftp://login.example.com' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'https://u:p@login.example.com' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'https://login.example.com/?tenant=1' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: 'https://login.example.com/#' }], /\[0\]\.issuer must be an https address/],
    [[{ ...ENTRY, issuer: `https://login.example.com/${'x'.repeat(400)}` }], /\[0\]\.issuer must have at most 400/],
    [[{ ...ENTRY, jwks_url: 'http://keys.example.com' }], /\[0\]\.jwks_url must be an https address/],
    [[{ ...ENTRY, user_claim: '' }], /\[0\]\.user_claim must be the name of a claim/],
    [[{ ...ENTRY, default_scopes: ['admin'] }], /\[0\]\.default_scopes\[0\] must be one of tools:read/],
    [[{ ...ENTRY, default_scopes: ['account'] }], /\[0\]\.default_scopes\[0\] must be one of/],
    [[{ ...ENTRY, default_scopes: [] }], /\[0\]\.default_scopes must name a scope/],
    [[{ ...ENTRY, create_users: 'no' }], /\[0\]\.create_users must be true or false/],
    [[{ ...ENTRY, algorithms: ['HS256'] }], /\[0\] has unknown members: algorithms/],
    [[ENTRY, { ...ENTRY, audience: 'other' }], /\[1\]\.issuer stands in the list twice/],
    [[{ ...ENTRY, issuer: PUBLIC_URL }], /\[0\]\.issuer is this server itself \(PUBLIC_URL\)/],
    [[{ ...ENTRY, issuer: `${PUBLIC_URL}/` }], /\[0\]\.issuer is this server itself/],
    [[{ ...ENTRY, issuer: 'https://CHAVEIRO.example:443/x' }], /\[0\]\.issuer is this server itself/],
    [Array.from({ length: 21 }, (_, index) => ({ ...ENTRY, issuer: `https://${index}.example` })), /more than 20/],
  ])('refuses %j', (value, expected) => {
    const { issuers, problems } = parse(value)
    expect(problems).toEqual([expect.stringMatching(expected)])
    expect(issuers).toEqual([])
  })

  it('lists everything that is wrong at once', () => {
    const { problems } = parse([{ ...ENTRY, issuer: 'x', user_claim: 7 }, { audience: '' }])
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'CHAVEIRO_TRUSTED_ISSUERS[0].issuer',
      'CHAVEIRO_TRUSTED_ISSUERS[0].user_claim',
      'CHAVEIRO_TRUSTED_ISSUERS[1].issuer',
      'CHAVEIRO_TRUSTED_ISSUERS[1].audience',
    ])
  })

  it.each(['http://localhost:9000', 'http://127.0.0.1:9000/realm', 'http://keycloak:8080/realms/x', 'http://10.0.0.7'])(
    'takes %s, which is on a private network',
    (issuer) => expect(parse([{ ...ENTRY, issuer }]).problems).toEqual([]),
  )
})
