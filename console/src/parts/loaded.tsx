import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useWords } from '../language.ts'
import { Failure } from './failure.tsx'

interface LoadedProps<Value> {
  readonly query: UseQueryResult<Value>
  readonly skeleton: ReactNode
  readonly children: (value: Value) => ReactNode
}

/** What was asked for: its place while it is on its way, why it did not come, or itself. */
export function Loaded<Value>({ query, skeleton, children }: LoadedProps<Value>) {
  const { t } = useWords()
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div role="status" aria-label={t('loading')}>
      {skeleton}
    </div>
  )
}

/** As many grey places as there usually are things. */
export function Skeletons({ count, className }: { readonly count: number; readonly className: string }) {
  return Array.from({ length: count }, (_, index) => <div key={index} className={`skeleton mb-3 ${className}`} />)
}
