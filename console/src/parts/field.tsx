import { useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from 'react'

const BOX =
  'w-full rounded-control border border-edge bg-surface px-3 py-1.5 text-base text-ink aria-invalid:border-bad disabled:opacity-60'
export const BOX_LOOK = `min-h-9 ${BOX}`

interface FrameProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly fault?: string | undefined
}

interface Ids {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

/** A label, what it is about, and what is wrong with it: said to those who do not see it, too. */
export function FieldFrame({
  label,
  hint,
  fault,
  children,
}: FrameProps & { readonly children: (ids: Ids) => ReactNode }) {
  const id = useId()
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), ...(fault === undefined ? [] : [`${id}-fault`])]
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': fault === undefined ? undefined : true,
      })}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      )}
      {fault === undefined ? null : (
        <p id={`${id}-fault`} role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

export function Field({ label, hint, fault, ...input }: FrameProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <FieldFrame label={label} hint={hint} fault={fault}>
      {(ids) => <input {...input} {...ids} className={BOX_LOOK} />}
    </FieldFrame>
  )
}

export function LongField({ label, hint, fault, ...area }: FrameProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <FieldFrame label={label} hint={hint} fault={fault}>
      {(ids) => <textarea rows={5} {...area} {...ids} className={BOX} />}
    </FieldFrame>
  )
}
