import { describe, expect, it } from 'vitest'
import { isPublicAddress, isPublicName, withoutBrackets } from './addresses.ts'

describe('isPublicAddress', () => {
  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '104.18.3.4',
    '168.63.129.15',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '::ffff:1.1.1.1',
    '2606:4700:4700::1111',
    '2a00:1450:4009:80b::200e',
  ])('takes %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.0.1'],
    ['shared by carriers', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local, metadata of clouds', '169.254.169.254'],
    ['metadata of Azure', '168.63.129.16'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['AS112', '192.31.196.1'],
    ['AMT', '192.52.193.1'],
    ['6to4 relays', '192.88.99.1'],
    ['AS112', '192.175.48.1'],
    ['benchmarks', '198.18.0.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped private', '::ffff:a00:1'],
    ['translated', '::ffff:0:7f00:1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-compatible', '::808:808'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard', '100::1'],
    ['Teredo', '2001::1'],
    ['ORCHID', '2001:20::1'],
    ['protocol assignments', '2001:1ff:ffff::1'],
    ['documentation', '2001:db8::1'],
    ['6to4', '2002:7f00:1::'],
    ['AS112', '2620:4f:8000::1'],
    ['unique local', 'fc00::1'],
    ['metadata of AWS', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
  ])('refuses %s: %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(['', 'localhost', '127.1', '0x7f.1', '2130706433', '1.1.1.1.', '01.1.1.1', '[::1]', ' 1.1.1.1', '1.1.1.1/8'])(
    'refuses %j, which is no plain address',
    (text) => {
      expect(isPublicAddress(text)).toBe(false)
    },
  )
})

describe('isPublicName', () => {
  it.each(['api.notion.com', 'localhost.example.com', 'xn--bcher-kva.example', 'internal.example.org', 'a.homes'])(
    'takes %s',
    (name) => {
      expect(isPublicName(name)).toBe(true)
    },
  )

  it.each([
    'localhost',
    'a.localhost',
    'localhost.localdomain',
    'printer',
    'printer.local',
    'metadata.google.internal',
    'router.lan',
    'nas.home.arpa',
    'git.corp',
    'wiki.intranet',
    'api.notion.com.',
    '',
  ])('refuses %j', (name) => {
    expect(isPublicName(name)).toBe(false)
  })
})

describe('withoutBrackets', () => {
  it.each([
    ['[::1]', '::1'],
    ['example.com', 'example.com'],
    ['[', '['],
  ])('%s', (hostname, bare) => {
    expect(withoutBrackets(hostname)).toBe(bare)
  })
})
