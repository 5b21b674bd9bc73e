import { useMutation } from '@tanstack/react-query'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { Verification } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { CodeBlock } from '../parts/code-block.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { headOf } from './noted-head.ts'

/** Walks the chain of events, and holds it against a head that was noted earlier. */
export function AuditChain() {
  const { t } = useWords()
  const verify = useMutation({ mutationFn: (noted: string) => client.admin.audit.verify(headOf(noted)) })
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('chain.title')}</h2>
      <p className="max-w-prose text-ink-soft">{t('chain.lede')}</p>
      <form
        className="grid max-w-[760px] gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          verify.mutate(textOf(new FormData(event.currentTarget), 'noted').trim())
        }}
      >
        <Field
          label={t('chain.noted')}
          name="noted"
          pattern="\s*\d+:[0-9a-f]{64}\s*"
          title={t('chain.noted_form')}
          hint={t('chain.noted_hint')}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" className="justify-self-start" busy={verify.isPending}>
          {t('chain.verify')}
        </Button>
      </form>
      {verify.isError ? <Failure error={verify.error} /> : null}
      {verify.data === undefined ? null : <Verified verification={verify.data} />}
    </section>
  )
}

function Verified({ verification: { intact, events, head, fault } }: { readonly verification: Verification }) {
  const { t } = useWords()
  const Icon = intact ? CircleCheck : TriangleAlert
  return (
    <div
      role={intact ? 'status' : 'alert'}
      className={`grid max-w-[760px] gap-2 rounded-card border p-4 ${intact ? 'border-good' : 'border-bad bg-bad-wash'}`}
    >
      <p className="flex gap-2 font-medium">
        <Icon
          size={16}
          strokeWidth={1.5}
          aria-hidden
          className={`mt-0.5 shrink-0 ${intact ? 'text-good' : 'text-bad'}`}
        />
        {t(intact ? 'chain.intact' : 'chain.broken', { count: events })}
      </p>
      {fault === null ? null : <p lang="en">{fault}</p>}
      <p className="text-sm text-ink-soft">{t('chain.keep')}</p>
      <CodeBlock text={`${head.id}:${head.hash}`} label={t('chain.head')} />
    </div>
  )
}
