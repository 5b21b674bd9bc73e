import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/notion-emulator.mjs', import.meta.url))

/** An emulator that runs as a program of its own. */
export interface ServedEmulator {
  url: string
  /** Of every install, in the order in which the program prints them. */
  tokens: string[]
  stop: () => Promise<void>
}

/** Starts the program on a free port and reads what it prints. Stop it in any case. */
export async function serveEmulator(...options: string[]): Promise<ServedEmulator> {
  const child = spawn(process.execPath, [BIN, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('OAuth client')) break
  }
  const url = /^Notion API: (\S+)$/.exec(lines[0] ?? '')?.[1]
  if (url === undefined) {
    await stop()
    throw new Error(`The emulator did not say where it listens: ${lines.join(' / ')}`)
  }
  return { url, tokens: lines.flatMap((line) => /^(ntn_\w+) /.exec(line)?.[1] ?? []), stop }
}
