import { CircleAlert, CircleCheck } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import type { Connection, LiveCheck } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { LABEL_CHARACTERS } from '../parts/lengths.ts'
import { PROBLEM_KEYS } from '../parts/problem-keys.ts'
import type { useConnection } from './use-connection.ts'

interface ActionsProps extends ReturnType<typeof useConnection> {
  readonly connection: Connection
  /** Nothing may be sent to the provider, a test neither. */
  readonly isCutOff: boolean
  readonly onLeave: () => void
  /** Undefined: it has no tools of its own. */
  readonly onTools: (() => void) | undefined
}

/** Test, rename, make default, look at the tools, disconnect. */
export function ConnectionActions({ connection, test, change, isCutOff, onLeave, onTools }: ActionsProps) {
  const { t } = useWords()
  // Null: not yet.
  const [renaming, setRenaming] = useState<boolean | null>(null)
  const buttons = useRef<HTMLDivElement>(null)
  // The button that was pressed goes; the focus stays with the others.
  const prefer = () =>
    change.mutate({ is_default: true }, { onSuccess: () => buttons.current?.querySelector('button')?.focus() })
  const { label } = connection
  const check = test.data !== undefined && 'check' in test.data ? test.data.check : undefined
  return (
    <div className="grid gap-3">
      {renaming === true ? <Rename connection={connection} change={change} onDone={() => setRenaming(false)} /> : null}
      <div ref={buttons} role="group" aria-label={label} className="flex flex-wrap gap-2">
        {onTools === undefined ? null : <Button onClick={onTools}>{t('server.tools')}</Button>}
        <Button busy={test.isPending} disabled={isCutOff} onClick={() => test.mutate()}>
          {t('connection.test')}
        </Button>
        {renaming === true ? null : (
          <Button autoFocus={renaming === false} onClick={() => setRenaming(true)}>
            {t('connection.rename')}
          </Button>
        )}
        {connection.is_default ? null : (
          <Button busy={change.isPending} onClick={prefer}>
            {t('connection.make_default')}
          </Button>
        )}
        <Button look="danger" onClick={onLeave}>
          {t('connection.disconnect')}
        </Button>
      </div>
      {check === undefined ? null : <CheckResult check={check} />}
      {test.isError ? <Failure error={test.error} /> : null}
      {change.isError ? <Failure error={change.error} /> : null}
    </div>
  )
}

interface RenameProps extends Pick<ActionsProps, 'connection' | 'change'> {
  readonly onDone: () => void
}

function Rename({ connection, change, onDone }: RenameProps) {
  const { t } = useWords()
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const label = textOf(new FormData(event.currentTarget), 'label').trim()
    change.mutate({ label }, { onSuccess: onDone })
  }
  return (
    <form className="flex flex-wrap items-end gap-2" onSubmit={rename}>
      <div className="min-w-40 flex-1">
        <Field
          label={t('connection.label')}
          name="label"
          defaultValue={connection.label}
          required
          maxLength={LABEL_CHARACTERS}
          autoFocus
        />
      </div>
      <Button type="submit" look="primary" busy={change.isPending}>
        {t('save')}
      </Button>
      <Button onClick={onDone}>{t('cancel')}</Button>
    </form>
  )
}

/** What the provider answered just now. */
function CheckResult({ check }: { readonly check: LiveCheck }) {
  const { t, language } = useWords()
  const Icon = check.ok ? CircleCheck : CircleAlert
  const key = check.code === null ? undefined : PROBLEM_KEYS[check.code]
  const detail = language === 'en' ? check.detail : key === undefined ? null : t(key)
  return (
    <p role="status" className="flex gap-2 text-sm">
      <Icon
        size={16}
        strokeWidth={1.5}
        aria-hidden
        className={`mt-0.5 shrink-0 ${check.ok ? 'text-good' : 'text-bad'}`}
      />
      <span>{check.ok ? t('connection.test_passed') : `${t('connection.test_failed')} ${detail ?? ''}`}</span>
    </p>
  )
}
