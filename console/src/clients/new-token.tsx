import { useRef } from 'react'
import type { NewApiToken } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { CodeBlock } from '../parts/code-block.tsx'
import { useFocusOnce } from '../parts/focus-once.ts'

/** The only time that a token is shown. */
export function NewToken({ token, onDone }: { readonly token: NewApiToken; readonly onDone: () => void }) {
  const { t } = useWords()
  const said = useRef<HTMLParagraphElement>(null)
  // The form that had the focus is gone.
  useFocusOnce(said)
  return (
    <div className="grid gap-4">
      <p ref={said} tabIndex={-1} className="outline-none">
        {t('tokens.shown_once', { name: token.name })}
      </p>
      <CodeBlock text={token.token} label={t('tokens.token')} />
      <Button look="primary" className="justify-self-end" onClick={onDone}>
        {t('tokens.done')}
      </Button>
    </div>
  )
}
