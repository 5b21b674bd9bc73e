import { Ban, ChevronRight, CircleAlert, CircleCheck, LoaderCircle, PauseCircle, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { useWords, type WordKey, type Words } from '../language.ts'
import { LISTED } from '../parts/listed.ts'
import { PROBLEM_KEYS } from '../parts/problem-keys.ts'
import { seconds } from '../times.ts'
import { Arguments, ValueTable } from './call-value.tsx'
import { Markdown } from './markdown.tsx'
import { pastTense } from './past-tense.ts'
import { jsonOf, resultCount, shownTable, shownValue } from './shown-value.ts'
import { useToolTitle } from './tool-title.ts'
import type { CallOutput, CallPart } from './turn.ts'
import { visibleText } from './visible-text.ts'

const STATES: Readonly<Record<CallPart['state'], { icon: LucideIcon; look: string; word: WordKey }>> = {
  running: { icon: LoaderCircle, look: 'text-ink-soft animate-spin', word: 'call.running' },
  waiting: { icon: PauseCircle, look: 'text-warn', word: 'call.waiting' },
  succeeded: { icon: CircleCheck, look: 'text-good', word: 'call.succeeded' },
  failed: { icon: CircleAlert, look: 'text-bad', word: 'call.failed' },
  denied: { icon: Ban, look: 'text-ink-soft', word: 'call.denied' },
  left_open: { icon: Ban, look: 'text-ink-soft', word: 'call.left_open' },
}

/** Cards that were unfolded: when a turn has ended it is drawn anew, from the thread, and stays as it was looked at. */
const unfolded = new Set<string>()

/** One call: a line folded; its arguments and its result unfolded. What is folded is not drawn at all. */
export function ToolCard({ call }: { readonly call: CallPart }) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(unfolded.has(call.id))
  const sentence = useSentence(call)
  const { icon: Icon, look, word } = STATES[call.state]
  const summary = useSummary(call)
  return (
    <details
      open={isOpen}
      className="group my-3 rounded-card border border-line bg-surface text-sm"
      onToggle={(event) => {
        // The raw result inside folds, too.
        if (event.target !== event.currentTarget) return
        const { open } = event.currentTarget
        setOpen(open)
        if (open) unfolded.add(call.id)
        else unfolded.delete(call.id)
      }}
    >
      <summary className="flex min-h-10 list-none items-center gap-2 rounded-card px-3 py-2 [&::-webkit-details-marker]:hidden">
        <Icon size={16} strokeWidth={1.5} aria-hidden className={`shrink-0 ${look}`} />
        <span className="sr-only">{t(word)}: </span>
        <span className="min-w-0 flex-1 break-words">
          <span className="font-medium">{sentence}</span>
          {summary === '' ? null : <span className="text-ink-soft"> · {summary}</span>}
        </span>
        <ChevronRight
          size={16}
          strokeWidth={1.5}
          aria-hidden
          className="shrink-0 text-ink-soft transition-transform group-open:rotate-90"
        />
      </summary>
      {isOpen ? (
        <div className="grid grid-cols-1 gap-3 border-t border-line p-3">
          <code className="break-all font-mono text-xs text-ink-soft">{visibleText(call.tool)}</code>
          <Arguments input={call.input} />
          <Outcome call={call} />
        </div>
      ) : null}
    </details>
  )
}

const QUOTED_CHARACTERS = 60

/** What was done, for what or to what: “Searched pages for “meetings””. What is not done yet, or failed, is named. */
function useSentence({ tool, state, input, output }: CallPart): string {
  const { t, language } = useWords()
  const title = useToolTitle()(tool)
  const verb = state === 'succeeded' ? pastTense(title, language) : title
  const query = memberOf(input, 'query')
  if (query !== '') return t('call.for', { verb, text: query })
  const named = memberOf(output?.result, 'title')
  return named === '' ? verb : t('call.named', { verb, text: named })
}

/** A member of something from outside, if it is a text: cut, and with what cannot be seen named. */
function memberOf(value: unknown, name: string): string {
  const member = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : ''
  if (typeof member !== 'string') return ''
  const cut = member.length > QUOTED_CHARACTERS ? `${member.slice(0, QUOTED_CHARACTERS)}…` : member
  return visibleText(cut.trim())
}

/** How much was found, how long it took, and where. */
function useSummary({ output, failure }: CallPart): string {
  const { t, language } = useWords()
  return [
    ...(output === null ? [] : outputSummary(output, { t, language })),
    ...(failure === null ? [] : [t('call.failed')]),
  ].join(LISTED)
}

function outputSummary(output: CallOutput, { t, language }: Pick<Words, 't' | 'language'>): string[] {
  const count = resultCount(output.result)
  return [
    ...(count === null ? [] : [t('call.results', { count })]),
    ...(output.milliseconds === null ? [] : [seconds(output.milliseconds, language)]),
    ...(output.connection === null ? [] : [output.connection]),
    ...(output.isEarlier ? [t('call.earlier')] : []),
  ]
}

function Outcome({ call: { output, failure } }: { readonly call: CallPart }) {
  const { t, language } = useWords()
  const key = failure === null ? undefined : PROBLEM_KEYS[failure.code]
  if (failure !== null) return <p>{language !== 'en' && key !== undefined ? t(key) : visibleText(failure.detail)}</p>
  return output === null ? null : <Result output={output} />
}

/** The result in words or as a table; as the program got it, one more click away. */
function Result({ output }: { readonly output: CallOutput }) {
  const { t } = useWords()
  const [isRaw, setRaw] = useState(false)
  const written = jsonOf(output.text)
  const table = output.text === '' ? shownTable(output.result) : shownTable(written)
  return (
    <>
      {output.isEarlier ? <p className="text-ink-soft">{t('call.earlier_text')}</p> : null}
      {table === null ? <Words text={output.text} isJson={written !== undefined} /> : <ValueTable table={table} />}
      <details onToggle={(event) => setRaw(event.currentTarget.open)}>
        <summary className="link w-fit text-xs">{t('call.raw')}</summary>
        {isRaw ? <Scrolled label={t('call.raw')} text={shownValue(output.result)} /> : null}
      </details>
    </>
  )
}

function Words({ text, isJson }: { readonly text: string; readonly isJson: boolean }) {
  const { t } = useWords()
  if (isJson) return <Scrolled label={t('call.result')} text={shownValue(jsonOf(text))} />
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={t('call.result')}
      className="max-h-80 overflow-auto rounded-control bg-paper p-3"
    >
      <Markdown text={text} isStreaming={false} />
    </div>
  )
}

function Scrolled({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="mt-2 max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-control bg-paper p-3 font-mono text-xs"
    >
      {visibleText(text)}
    </pre>
  )
}
