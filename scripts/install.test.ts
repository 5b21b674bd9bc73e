import { describe, expect, test } from 'vitest'
import { explainFailure, missingPackages } from './install.mjs'

const entry = { version: '1.0.0', integrity: 'sha512-a' }

describe('missingPackages', () => {
  test('finds nothing where the record has every package as the lockfile names it', () => {
    const wanted = { '': {}, 'node_modules/a': entry, server: { version: '0.1.0' } }
    expect(missingPackages(wanted, { 'node_modules/a': entry, 'node_modules/stray': entry })).toEqual([])
  })

  test.each([
    ['absent', {}],
    ['of another version', { 'node_modules/a': { ...entry, version: '1.0.1' } }],
    ['of other content', { 'node_modules/a': { ...entry, integrity: 'sha512-b' } }],
  ])('names a package that is %s', (_, installed) => {
    expect(missingPackages({ 'node_modules/a': entry }, installed)).toEqual(['node_modules/a'])
  })

  test('looks into the folders of members and of packages', () => {
    const wanted = { 'server/node_modules/a': entry, 'node_modules/b/node_modules/c': entry }
    expect(missingPackages(wanted, {})).toEqual(Object.keys(wanted))
  })

  test('lets an optional package be absent, but not be of another version', () => {
    const wanted = { 'node_modules/a': { ...entry, optional: true } }
    expect(missingPackages(wanted, {})).toEqual([])
    expect(missingPackages(wanted, { 'node_modules/a': { ...entry, version: '2.0.0' } })).toEqual(['node_modules/a'])
  })
})

describe('explainFailure', () => {
  test.each([
    ['npm error code ENOTFOUND', /registry could not be reached/],
    ['npm error code ETIMEDOUT', /registry could not be reached/],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EACCES', /may not write/],
    ['npm error code EUSAGE', /Run `npm install` once/],
  ])('says what to do about "%s"', (output, advice) => {
    expect(explainFailure(output)).toMatch(advice)
    expect(explainFailure(output)).toContain(output)
  })

  test('shows the end of a long output', () => {
    const output = Array.from({ length: 100 }, (_, index) => `line ${index}.`).join('\n')
    const shown = explainFailure(output)
    expect(shown).toContain('line 99.')
    expect(shown).not.toContain('line 50.')
  })
})
