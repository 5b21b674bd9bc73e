import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './steps.ts'

/** The emulator as somebody gets it who has never seen this repository: packed, and installed into a project of theirs. */

const project = mkdtempSync(join(tmpdir(), 'emulator-user-'))
const PROGRAM = `
import { builtinSeed, createEmulator } from '@chaveiro/notion-emulator'

const emulator = createEmulator({ seeds: builtinSeed('two-tenants') })
const [install] = emulator.control.installs()
if (install === undefined) throw new Error('no install')
const token = emulator.control.mintToken(install.botId, 'my test')
const headers = { authorization: \`Bearer \${token}\`, 'notion-version': '2026-03-11' }
const answer = await emulator.fetch('https://api.notion.com/v1/users/me', { headers })
console.log(answer.status, await answer.text())
`

function run(program: string, parameters: readonly string[]) {
  return spawnSync(program, parameters, { cwd: project, encoding: 'utf8' })
}

beforeAll(() => {
  const pack = ['scripts/pack-emulator.ts', project]
  const packed = execFileSync(process.execPath, pack, { cwd: ROOT, encoding: 'utf8' }).trim()
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed], { cwd: project, stdio: 'ignore' })
})

afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('the packed emulator', () => {
  it('runs in a program of JavaScript', () => {
    writeFileSync(join(project, 'program.js'), PROGRAM)
    const { stdout, stderr } = run(process.execPath, ['program.js'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^200 \{"object":"user"/)
  })

  it('has declarations that a strict compiler takes', () => {
    writeFileSync(join(project, 'program.ts'), PROGRAM)
    const strict = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--typeRoots',
      join(ROOT, 'node_modules', '@types'),
    ]
    const { stdout } = run(join(ROOT, 'node_modules', '.bin', 'tsc'), [...strict, '--types', 'node', 'program.ts'])
    expect(stdout).toBe('')
  })

  it('has its program', () => {
    const { stdout, stderr } = run(process.execPath, [join('node_modules', '.bin', 'notion-emulator'), '--help'])
    expect(stderr).toBe('')
    expect(stdout).toContain('--seed')
  })
})
