import { describe, expect, it } from 'vitest'
import { EgressError } from './egress-error.ts'
import { checkTarget, createBinding, hostKeys, PUBLIC_PORTS, type EgressPurpose } from './egress-target.ts'

const rules = { allowedHosts: hostKeys(['127.0.0.1:4010', 'models.lan:11434', 'wiki.corp']), publicPorts: PUBLIC_PORTS }
const anyPublic = createBinding(rules, 'discovery')

/** `public`, `operator`, or the rule that refuses. */
function verdict(address: string, hosts?: readonly string[], purpose: EgressPurpose = 'provider'): string {
  try {
    const binding = hosts === undefined ? anyPublic : createBinding(rules, purpose, hosts)
    return checkTarget(address, binding).isOperatorHost ? 'operator' : 'public'
  } catch (error) {
    if (error instanceof EgressError && error.code === 'egress_refused') return error.reason
    throw error
  }
}

describe('an address that a user typed', () => {
  it.each([
    'https://example.com',
    'https://example.com:8443/mcp?x=1#y',
    'https://EXAMPLE.com/',
    'https://bücher.example/',
    'https://1.1.1.1/dns-query',
    'https://[2606:4700:4700::1111]/',
    'https:example.com',
  ])('may be %s', (address) => {
    expect(verdict(address)).toBe('public')
  })

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:text/plain,x',
    'javascript:alert(1)',
    'blob:https://example.com/1',
    'ws://example.com/',
    'wss://example.com/',
    'unix:/var/run/docker.sock',
  ])('has no other scheme: %s', (address) => {
    expect(verdict(address)).toBe('scheme')
  })

  it.each(['https://example.com:22', 'https://example.com:80', 'https://example.com:6379', 'https://example.com:9200'])(
    'has a usual port: %s',
    (address) => {
      expect(verdict(address)).toBe('port')
    },
  )

  it.each(['https://user@example.com', 'https://:key@example.com', 'https://example.com@127.0.0.1/'])(
    'carries no credential: %s',
    (address) => {
      expect(verdict(address)).toBe('credentials_in_url')
    },
  )

  it.each([
    '',
    'example.com',
    '//example.com',
    'https://',
    'https://exa mple.com',
    'https://[::1',
    'https://1.2.3.4.5.6',
  ])('can be read: %j', (address) => {
    expect(verdict(address)).toBe('malformed_url')
  })

  it('is never what the operator allowed', () => {
    expect(verdict('http://127.0.0.1:4010/')).toBe('scheme')
    expect(verdict('https://wiki.corp/')).toBe('private_address')
  })
})

describe('a binding', () => {
  it('reaches what it declares and nothing else', () => {
    const hosts = ['api.notion.com', 'files.example.com:8443']
    expect(verdict('https://api.notion.com/v1/users', hosts)).toBe('public')
    expect(verdict('https://API.NOTION.COM:443/', hosts)).toBe('public')
    expect(verdict('https://files.example.com:8443/', hosts)).toBe('public')
    for (const address of [
      'https://files.example.com/',
      'https://api.notion.com:8443/',
      'https://api.notion.com.evil.example/',
      'https://evil.example/api.notion.com',
      'https://notion.com/',
      'https://a.api.notion.com/',
      'https://api.notion.com./',
      'https://api.notion.com%2f@evil.example/',
    ]) {
      expect(verdict(address, hosts)).toMatch(/^(host_not_declared|credentials_in_url)$/)
    }
  })

  it('does not make a private host public by declaring it', () => {
    expect(verdict('https://10.0.0.1/', ['10.0.0.1'])).toBe('private_address')
    expect(verdict('http://10.0.0.1/', ['10.0.0.1'])).toBe('scheme')
    expect(verdict('https://nas.local/', ['nas.local'])).toBe('private_address')
  })

  it.each([
    ['provider', 'operator'],
    ['model', 'operator'],
    ['identity', 'operator'],
    ['remote_server', 'scheme'],
    ['discovery', 'scheme'],
    ['client_metadata', 'scheme'],
    ['webhook', 'scheme'],
  ] as const)('for %s finds the operator’s host: %s', (purpose, expected) => {
    expect(verdict('http://127.0.0.1:4010/v1', ['127.0.0.1:4010'], purpose)).toBe(expected)
  })

  it('reaches the operator’s host only on the port that was allowed', () => {
    expect(verdict('http://127.0.0.1:4011/', ['127.0.0.1:4011'])).toBe('scheme')
    expect(verdict('https://127.0.0.1:8443/', ['127.0.0.1:8443'])).toBe('private_address')
    expect(verdict('http://wiki.corp/', ['wiki.corp'])).toBe('operator')
    expect(verdict('https://wiki.corp/', ['wiki.corp'])).toBe('operator')
    expect(verdict('http://127.1:4010/', ['127.0.0.1:4010'])).toBe('operator')
  })
})

describe('the address of a remote server that a user names', () => {
  const remote = { ...rules, remoteHosts: hostKeys(['tools.lan:9000']) }
  const reached = (address: string, hosts?: readonly string[]) => {
    try {
      return checkTarget(address, createBinding(remote, 'remote_server', hosts)).isOperatorHost ? 'operator' : 'public'
    } catch (error) {
      return (error as EgressError).reason
    }
  }

  it('may be private where the operator allowed exactly that, declared or not', () => {
    expect(reached('http://tools.lan:9000/mcp')).toBe('operator')
    expect(reached('http://tools.lan:9000/mcp', ['tools.lan:9000'])).toBe('operator')
    expect(reached('http://tools.lan:9000/mcp', ['example.com'])).toBe('host_not_declared')
    expect(reached('https://tools.lan/mcp')).toBe('private_address')
    expect(reached('https://example.com/mcp')).toBe('public')
  })

  it('is never one that the operator allowed for something else', () => {
    expect(reached('http://127.0.0.1:4010/v1')).toBe('scheme')
    expect(reached('https://wiki.corp/')).toBe('private_address')
  })

  it('is no way in for any other purpose', () => {
    const binding = createBinding(remote, 'discovery')
    expect(() => checkTarget('http://tools.lan:9000/mcp', binding)).toThrow(EgressError)
    const provider = createBinding(remote, 'provider', ['tools.lan:9000'])
    expect(() => checkTarget('http://tools.lan:9000/mcp', provider)).toThrow(EgressError)
  })
})

describe('hostKeys', () => {
  it('gives both default ports where none is named', () => {
    expect([...hostKeys(['API.example.com', '[::1]:80', 'a:443'])]).toEqual([
      'api.example.com:443',
      'api.example.com:80',
      '[::1]:80',
      'a:443',
    ])
  })

  it.each(['', 'https://example.com', 'example.com/path', 'user@example.com', 'example.com?x', 'a b', 'a:99999'])(
    'refuses %j',
    (entry) => {
      expect(() => hostKeys([entry])).toThrow('Not a host')
    },
  )
})
