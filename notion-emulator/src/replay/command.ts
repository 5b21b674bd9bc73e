import { parseArgs } from 'node:util'
import { driveSession } from './drive.ts'
import { archiveOf } from './presume.ts'
import { readRecordings } from './recording.ts'
import { BAR_PERCENT, formatReport, listDifferences, percentOf, summarize } from './report.ts'

const HELP = `notion-emulator replay <file.jsonl|folder>: sends recorded requests to a fresh emulator and compares the answers

  --list            every answer that differs, with what it differs in
  --json            the report as JSON
  --bar <percent>   equal answers below which it fails (default ${BAR_PERCENT})
  --help
`

const FAILED = 1
const MISUSED = 2

/** Replays recordings and prints the report. Answers the exit code: 1 below the bar. */
export function replay(args: string[], print: (text: string) => void): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      bar: { type: 'string', default: String(BAR_PERCENT) },
      help: { type: 'boolean', default: false },
    },
  })
  const bar = Number(values.bar)
  const [path, ...others] = positionals
  if (values.help || path === undefined || others.length > 0 || !Number.isFinite(bar)) {
    print(HELP)
    return values.help ? 0 : MISUSED
  }
  const outcomes = readRecordings(path).flatMap((sessions) => {
    const archive = archiveOf(sessions)
    return sessions.flatMap((session) => driveSession(session, archive))
  })
  const report = summarize(outcomes)
  if (values.json) print(`${JSON.stringify(report, null, 2)}\n`)
  else print(`${values.list ? `${listDifferences(outcomes)}\n\n` : ''}${formatReport(report, bar)}\n`)
  return percentOf(report.tools) >= bar ? 0 : FAILED
}
