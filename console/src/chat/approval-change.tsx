import type { Approval } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { Arguments, Value } from './call-value.tsx'
import { shownArguments, shownValue } from './shown-value.ts'
import { visibleText } from './visible-text.ts'

type Subject = NonNullable<Approval['about']>

/** What would be done, argument by argument: what one names by its title, what one replaces next to what replaces it. */
export function ApprovalChange({ approval }: { readonly approval: Approval }) {
  const { t } = useWords()
  const { about } = approval
  if (about === null) return <Arguments input={approval.arguments} />
  return (
    <>
      <dl className="grid gap-3">
        {shownArguments(approval.arguments).map(([name, value]) => (
          <div key={name} className="grid gap-1">
            <dt className="font-mono text-xs text-ink-soft">{visibleText(name)}</dt>
            <dd className="grid min-w-0 gap-2">
              <Argument name={name} value={value} about={about} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 border-t border-line pt-2 text-xs text-ink-soft">{t('approval.outside')}</p>
    </>
  )
}

interface ArgumentProps {
  readonly name: string
  readonly value: unknown
  readonly about: Subject
}

function Argument({ name, value, about }: ArgumentProps) {
  const { t } = useWords()
  const target = about.targets.find(({ argument }) => argument === name)
  if (target !== undefined) return <Named target={target} given={value} />
  const now = about.now.filter(({ argument }) => argument === name || argument.startsWith(`${name}.`))
  return (
    <>
      {now.map(({ argument, text }) => (
        <div key={argument} className="min-w-0 border-l-2 border-line pl-2 text-ink-soft">
          <p className="text-xs">
            {argument === name ? t('approval.now') : t('approval.now_of', { name: argument.slice(name.length + 1) })}
          </p>
          <Text text={text === '' ? t('approval.nothing') : text} />
        </div>
      ))}
      {now.length === 0 ? (
        <Value value={value} />
      ) : (
        <div className="min-w-0 border-l-2 border-brass pl-2">
          <p className="text-xs text-ink-soft">{t('approval.then')}</p>
          <Value value={value} />
        </div>
      )}
    </>
  )
}

const UNREAD: Readonly<Record<NonNullable<Subject['targets'][number]['outcome']>, WordKey>> = {
  read: 'approval.unread.read',
  no_such_target: 'approval.unread.no_such_target',
  not_read: 'approval.unread.not_read',
  not_in_time: 'approval.unread.not_in_time',
}

/** What an argument names: by its title, with the id that the call is bound to beneath. */
function Named({ target, given }: { readonly target: Subject['targets'][number]; readonly given: unknown }) {
  const { t } = useWords()
  const { title, outcome = 'not_read' } = target
  const id = shownValue(given)
  if (title === null) {
    return (
      <>
        <Value value={given} />
        <p className="text-xs text-warn">{t(UNREAD[outcome])}</p>
      </>
    )
  }
  return (
    <>
      <Text text={title} />
      {title === id ? null : <code className="break-all font-mono text-xs text-ink-soft">{visibleText(id)}</code>}
    </>
  )
}

/** A text from outside, as it is: never markup, its lines kept. */
function Text({ text }: { readonly text: string }) {
  return (
    <span dir="auto" className="block whitespace-pre-wrap break-words">
      {visibleText(text)}
    </span>
  )
}
