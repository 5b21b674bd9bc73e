import { CircleAlert } from 'lucide-react'
import { useWords } from '../language.ts'
import { Button } from './button.tsx'
import { Copy } from './copy.tsx'
import { toldProblem } from './problem-words.ts'

interface FailureProps {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}

/** Something went wrong: what, what to do, and the number to give to whoever runs the server. */
export function Failure({ error, onRetry }: FailureProps) {
  const words = useWords()
  const { text, original, requestId } = toldProblem(error, words)
  return (
    <div role="alert" className="grid gap-2 rounded-card border border-bad bg-bad-wash p-4 text-base">
      <p className="flex gap-2">
        <CircleAlert size={16} strokeWidth={1.5} className="mt-0.5 shrink-0 text-bad" aria-hidden />
        <span className="min-w-0 break-words">{text}</span>
      </p>
      {original === undefined ? null : (
        <p lang="en" className="break-words pl-6 text-sm text-ink-soft">
          {original}
        </p>
      )}
      {onRetry === undefined && requestId === undefined ? null : (
        <div className="flex flex-wrap items-center gap-3 pl-6">
          {onRetry === undefined ? null : <Button onClick={onRetry}>{words.t('retry')}</Button>}
          {requestId === undefined ? null : <RequestId id={requestId} />}
        </div>
      )}
    </div>
  )
}

function RequestId({ id }: { readonly id: string }) {
  const { t } = useWords()
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs text-ink-soft">
      {t('request_id')} <code className="min-w-0 break-all font-mono">{id}</code>
      <Copy text={id} />
    </span>
  )
}
