import { useQuery } from '@tanstack/react-query'
import { Ban, ChevronRight, CircleAlert, CircleCheck, LoaderCircle, PauseCircle, type LucideIcon } from 'lucide-react'
import { toolsQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { PROBLEM_KEYS } from '../parts/problem-keys.ts'
import { seconds } from '../times.ts'
import { resultCount, shownArguments, shownValue } from './shown-value.ts'
import type { CallPart } from './turn.ts'

const STATES: Readonly<Record<CallPart['state'], { icon: LucideIcon; look: string; word: WordKey }>> = {
  running: { icon: LoaderCircle, look: 'text-ink-soft animate-spin', word: 'call.running' },
  waiting: { icon: PauseCircle, look: 'text-warn', word: 'call.waiting' },
  succeeded: { icon: CircleCheck, look: 'text-good', word: 'call.succeeded' },
  failed: { icon: CircleAlert, look: 'text-bad', word: 'call.failed' },
  denied: { icon: Ban, look: 'text-ink-soft', word: 'call.denied' },
}

/** The name of a tool in the reader's language; its own where it is not known. */
export function useToolTitle(): (name: string) => string {
  const { local } = useWords()
  const tools = useQuery(toolsQuery).data
  return (name) => {
    const tool = tools?.find((one) => one.name === name)
    return tool === undefined ? name : local(tool.title)
  }
}

/** One call: a line folded; its arguments and its result unfolded. */
export function ToolCard({ call }: { readonly call: CallPart }) {
  const { t } = useWords()
  const title = useToolTitle()(call.tool)
  const { icon: Icon, look, word } = STATES[call.state]
  const summary = useSummary(call)
  return (
    <details className="group my-3 rounded-card border border-line bg-surface text-sm">
      <summary className="flex min-h-10 list-none items-center gap-2 rounded-card px-3 py-2 [&::-webkit-details-marker]:hidden">
        <Icon size={16} strokeWidth={1.5} aria-hidden className={`shrink-0 ${look}`} />
        <span className="sr-only">{t(word)}: </span>
        <span className="min-w-0 flex-1">
          <span className="font-medium">{title}</span>
          {summary === '' ? null : <span className="text-ink-soft"> · {summary}</span>}
        </span>
        <ChevronRight
          size={16}
          strokeWidth={1.5}
          aria-hidden
          className="shrink-0 text-ink-soft transition-transform group-open:rotate-90"
        />
      </summary>
      <div className="grid gap-3 border-t border-line p-3">
        <Arguments input={call.input} />
        <Outcome call={call} />
      </div>
    </details>
  )
}

const QUOTED_CHARACTERS = 60

function useSummary({ input, output, failure }: CallPart): string {
  const { t, language } = useWords()
  const [first] = shownArguments(input).filter(([name, value]) => name === 'query' && value !== '')
  const count = output === null ? null : resultCount(output.result)
  return [
    ...(first === undefined ? [] : [t('call.quoted', { text: first[1].slice(0, QUOTED_CHARACTERS) })]),
    ...(count === null ? [] : [t('call.results', { count })]),
    ...(output === null || output.milliseconds === null ? [] : [seconds(output.milliseconds, language)]),
    ...(output === null || output.connection === null ? [] : [output.connection]),
    ...(failure === null ? [] : [t('call.failed')]),
  ].join(' · ')
}

export function Arguments({ input }: { readonly input: unknown }) {
  const { t } = useWords()
  const shown = shownArguments(input)
  if (shown.length === 0) return <p className="text-ink-soft">{t('call.no_arguments')}</p>
  return (
    <dl className="grid gap-2">
      {shown.map(([name, value]) => (
        <div key={name} className="grid gap-0.5">
          <dt className="font-mono text-xs text-ink-soft">{name}</dt>
          <dd className="whitespace-pre-wrap break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Outcome({ call: { output, failure } }: { readonly call: CallPart }) {
  const { t, language } = useWords()
  const key = failure === null ? undefined : PROBLEM_KEYS[failure.code]
  if (failure !== null) return <p>{language !== 'en' && key !== undefined ? t(key) : failure.detail}</p>
  if (output === null) return null
  return (
    <>
      <Scrolled label={t('call.result')} text={output.text} />
      <details>
        <summary className="link w-fit text-xs">{t('call.raw')}</summary>
        <div className="mt-2">
          <Scrolled label={t('call.raw')} text={shownValue(output.result)} />
        </div>
      </details>
    </>
  )
}

function Scrolled({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-control bg-paper p-3 font-mono text-xs"
    >
      {text}
    </pre>
  )
}
