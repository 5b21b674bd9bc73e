import { describe, expect, test } from 'vitest'
import { absentOptionals, withAbsentOptionals } from './lockfile.ts'

const tool = { version: '1.0.0', dev: true, optionalDependencies: { '@tool/linux-x64-musl': '1.0.0' } }

describe('absentOptionals', () => {
  test('finds what is named and not locked', () => {
    expect(absentOptionals({ 'node_modules/tool': tool })).toEqual([
      { parent: tool, name: '@tool/linux-x64-musl', version: '1.0.0' },
    ])
  })

  test.each([
    'node_modules/@tool/linux-x64-musl',
    'node_modules/host/node_modules/@tool/linux-x64-musl',
    'node_modules/host/node_modules/tool/node_modules/@tool/linux-x64-musl',
  ])('looks where Node would: %s', (path) => {
    expect(absentOptionals({ 'node_modules/host/node_modules/tool': tool, [path]: {} })).toEqual([])
  })

  test('does not look where Node would not', () => {
    const packages = { 'node_modules/tool': tool, 'node_modules/host/node_modules/@tool/linux-x64-musl': {} }
    expect(absentOptionals(packages)).toHaveLength(1)
  })

  test('looks at the root and the members too', () => {
    expect(absentOptionals({ '': tool, server: tool })).toHaveLength(2)
  })
})

describe('withAbsentOptionals', () => {
  test('adds version and platform, in npm’s order of members and paths', () => {
    const packages = withAbsentOptionals({ '': {}, 'node_modules/tool': tool, 'node_modules/a': {} })
    expect(Object.keys(packages)).toEqual([
      '',
      'node_modules/@tool/linux-x64-musl',
      'node_modules/a',
      'node_modules/tool',
    ])
    expect(JSON.stringify(packages['node_modules/@tool/linux-x64-musl'])).toBe(
      JSON.stringify({ version: '1.0.0', cpu: ['x64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] }),
    )
  })

  test.each([
    ['@t/binding-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@t/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@t/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
    ['@t/binding-wasm32-wasi', { cpu: ['wasm32'] }],
    ['@t/win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ])('reads the platform off %s', (name, platform) => {
    const packages = withAbsentOptionals({ 'node_modules/t': { optionalDependencies: { [name]: '1.0.0' } } })
    expect(packages[`node_modules/${name}`]).toEqual({ version: '1.0.0', optional: true, ...platform })
  })

  test('refuses a name that tells no platform', () => {
    expect(() => withAbsentOptionals({ 'node_modules/t': { optionalDependencies: { other: '1.0.0' } } })).toThrow(
      /other/,
    )
  })

  test('changes nothing in a complete lockfile', () => {
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0' } }
    expect(withAbsentOptionals(packages)).toEqual(packages)
  })
})
