import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { More } from './more.tsx'
import { Palette } from './palette.tsx'
import { Shortcuts } from './shortcuts.tsx'

/** What opens over any page. In a chunk of their own: nobody needs them before a first page. */
export type Panel = 'palette' | 'more' | 'shortcuts'

interface PanelsProps {
  readonly panel: Panel | null
  readonly onOpen: (panel: Panel | null) => void
  readonly onFold: () => void
}

export function Panels({ panel, onOpen, onFold }: PanelsProps) {
  const close = () => onOpen(null)
  useRefreshOnOpen(panel === 'palette')
  return (
    <>
      <Palette open={panel === 'palette'} onClose={close} onFold={onFold} onShortcuts={() => onOpen('shortcuts')} />
      <More open={panel === 'more'} onClose={close} onSearch={() => onOpen('palette')} />
      <Shortcuts open={panel === 'shortcuts'} onClose={close} />
    </>
  )
}

/** Agents and conversations may have come from elsewhere since they were read. */
function useRefreshOnOpen(isOpen: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (isOpen) void queries.invalidateQueries({ queryKey: ['palette'] })
  }, [isOpen, queries])
}
