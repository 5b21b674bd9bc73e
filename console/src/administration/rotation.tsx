import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeyState, RotationProgress } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { keysQuery } from './queries.ts'
import { isRotated, rowsToRotate } from './rotation-progress.ts'

/** Seals everything under the primary key again, part by part; it can be left and gone on with at any time. */
export function Rotation({ state }: { readonly state: KeyState }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const waiting = rowsToRotate(state)
  const [total, setTotal] = useState(waiting)
  const [progress, setProgress] = useState<RotationProgress>()
  const rotate = useMutation({
    async mutationFn() {
      setTotal(waiting)
      for (;;) {
        const part = await client.admin.keys.rotate()
        setProgress(part)
        if (isRotated(part)) return part
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  if (waiting === 0 && progress === undefined) return <p className="text-ink-soft">{t('keys.nothing_to_rotate')}</p>
  const remaining = progress?.remaining ?? waiting
  return (
    <div className="grid max-w-md justify-items-start gap-3">
      <label className="grid w-full gap-1 text-sm">
        {t('keys.remaining', { count: remaining })}
        <progress max={Math.max(total, 1)} value={Math.max(total - remaining, 0)} className="w-full accent-brass" />
      </label>
      {rotate.isError ? <Failure error={rotate.error} /> : null}
      <p role="status" className="empty:hidden">
        {rotate.isSuccess ? doneText(rotate.data, t) : ''}
      </p>
      {remaining === 0 ? null : (
        <Button look="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('keys.rotate')}
        </Button>
      )}
    </div>
  )
}

function doneText({ unreadable }: RotationProgress, t: ReturnType<typeof useWords>['t']): string {
  return unreadable === 0 ? t('keys.rotated') : t('keys.unreadable', { count: unreadable })
}
