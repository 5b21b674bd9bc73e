import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ROOT } from './steps.ts'

/**
 * `npm run pack-emulator [-- <folder>]`: the Notion emulator as a package that installs anywhere. Here it runs from its
 * TypeScript source; Node takes none inside `node_modules`, so what is packed is JavaScript with declarations.
 */

const EMULATOR = join(ROOT, 'notion-emulator')
const COPIED = ['README.md', 'seeds', 'bin']

const target = resolve(process.argv[2] ?? '.')
const staging = mkdtempSync(join(tmpdir(), 'notion-emulator-'))
try {
  compile(staging)
  for (const each of COPIED) cpSync(join(EMULATOR, each), join(staging, each), { recursive: true })
  const bin = join(staging, 'bin', 'notion-emulator.mjs')
  writeFileSync(bin, readFileSync(bin, 'utf8').replace('../src/cli.ts', '../src/cli.js'))
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  mkdirSync(target, { recursive: true })
  const packed = execFileSync('npm', ['pack', staging, '--pack-destination', target, '--silent'], { encoding: 'utf8' })
  console.log(join(target, packed.trim()))
} finally {
  rmSync(staging, { recursive: true, force: true })
}

function compile(folder: string): void {
  const settings = join(EMULATOR, 'tsconfig.build.json')
  execFileSync('tsc', ['--project', settings, '--outDir', join(folder, 'src')], { stdio: 'inherit' })
}

/** Of the package in the repository, what somebody who installs it needs. */
function manifest(): object {
  const { devDependencies: _, ...own } = JSON.parse(readFileSync(join(EMULATOR, 'package.json'), 'utf8'))
  return {
    ...own,
    exports: { '.': { types: './src/index.d.ts', default: './src/index.js' } },
    engines: { node: '>=24' },
  }
}
