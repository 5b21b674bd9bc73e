import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Button } from './button.tsx'
import { Failure } from './failure.tsx'

interface MoreProps {
  readonly pages: UseInfiniteQueryResult
  readonly label: string
}

/** The end of a list that comes in pages: the way to the next one, or why it did not come. */
export function More({ pages, label }: MoreProps) {
  const load = () => void pages.fetchNextPage()
  if (pages.isError) {
    return <Failure error={pages.error} onRetry={pages.isFetchNextPageError ? load : () => void pages.refetch()} />
  }
  if (!pages.hasNextPage) return null
  return (
    <Button className="justify-self-center" busy={pages.isFetchingNextPage} onClick={load}>
      {label}
    </Button>
  )
}
