import { useBlocker } from '@tanstack/react-router'
import { useWords } from '../language.ts'
import { Confirm } from '../parts/confirm.tsx'

/** Before what was changed and not saved is lost: by another page of ours, or by closing this one. */
export function LeaveGuard({ isChanged }: { readonly isChanged: boolean }) {
  const { t } = useWords()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  const isAsked = blocker.status === 'blocked'
  return (
    <Confirm
      open={isAsked}
      onClose={() => blocker.reset?.()}
      title={t('agent.leave_title')}
      verb={t('agent.leave')}
      busy={false}
      error={null}
      onConfirm={() => blocker.proceed?.()}
    >
      <p>{t('agent.leave_text')}</p>
    </Confirm>
  )
}
