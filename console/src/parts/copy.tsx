import { useState } from 'react'
import { useWords } from '../language.ts'

/** Puts a text where it can be pasted from, and says so. */
export function Copy({ text }: { readonly text: string }) {
  const { t } = useWords()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <button type="button" className="link min-h-6 text-xs" onClick={() => void copy()}>
      {isCopied ? t('copied') : t('copy')}
    </button>
  )
}
