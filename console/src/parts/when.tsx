import { useWords } from '../language.ts'
import { exactTime, relativeTime } from '../times.ts'

/** How long ago; exactly when, on hover. */
export function When({ iso }: { readonly iso: string }) {
  const { language } = useWords()
  return (
    <time dateTime={iso} title={exactTime(iso, language)}>
      {relativeTime(iso, language, new Date())}
    </time>
  )
}
